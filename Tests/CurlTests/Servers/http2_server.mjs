// An HTTP/2 server for tests, which speaks HTTP/1.1, too. Prints its port, and ends with its stdin.
//   /version      the version of HTTP and the number of the connection
//   /big?BYTES    so many bytes
//   /stream       an event each time that /event is asked for
//   /reset        breaks off in the middle
import { readFileSync } from "node:fs";
import http2 from "node:http2";

const [certificate, key] = process.argv.slice(2);
const server = http2.createSecureServer({
  cert: readFileSync(certificate),
  key: readFileSync(key),
  allowHTTP1: true,
});

server.on("sessionError", () => {});

const streams = new Set();
server.on("request", (request, response) => {
  const socket = request.stream?.session?.socket ?? request.socket;
  const number = numberOf(socket);
  response.on("error", () => {});
  const url = new URL(request.url, "https://localhost");
  let body = "";
  request.on("data", (data) => (body += data));
  request.on("end", () => {
    switch (url.pathname) {
      case "/version":
        response.setHeader("X-Method", request.method);
        response.end(`${request.httpVersion} ${number} ${body}`);
        break;
      case "/big":
        response.end(Buffer.alloc(Number(url.search.slice(1)), "a"));
        break;
      case "/stream":
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write("data: open\n\n");
        streams.add(response);
        response.on("close", () => streams.delete(response));
        break;
      case "/event":
        for (const stream of streams) stream.write("data: event\n\n");
        response.end(`${streams.size}`);
        break;
      case "/reset":
        response.write("half");
        setTimeout(() => request.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR), 50);
        break;
    }
  });
});

// A session shows its socket through a proxy without our property.
const numbers = new Map();
function numberOf(socket) {
  const port = socket.remotePort;
  if (!numbers.has(port)) numbers.set(port, numbers.size + 1);
  return numbers.get(port);
}

server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
