# Servers of the kinds that people run, in the shipped unit: what they need works, and what they must not do fails.

# confines COMMAND ARGUMENT... : a server that tries all of it and reports failures.
confines() {
    local command=$1 arguments answer
    shift
    arguments=$(printf ', "%s"' "$@")
    printf '{ "mcpProxy": { "addr": "127.0.0.1:9090" },
        "mcpServers": { "probe": { "command": "%s", "args": [%s], "required": true, "startTimeout": "30s",
            "env": { "LD_LIBRARY_PATH": "/opt/python/lib" } } } }\n' \
        "$command" "${arguments#, }" | configure
    in_box systemctl start mcp-gateway
    eventually 20 status_line_has '1/1 servers ready'
    answer=$(call probe probe '{}')
    grep -qF '"text":"all as it should be"' <<< "$answer" || fail "$answer"
}

# The example of docs/service.md.
opens_sandbox() {
    in_box sh -ec 'install -d -o mcp-gateway /srv/documents
        install -d -m 700 /home/ada
        install -d /home/ada/notes
        echo x > /home/ada/notes/note
        echo x > /home/ada/diary'
    drop_in <<< '[Service]
ReadWritePaths=/srv/documents
ProtectHome=tmpfs
BindReadOnlyPaths=/home/ada/notes
ExecStartPre=/bin/touch /srv/documents/new
ExecStartPre=/bin/cat /home/ada/notes/note
ExecStartPre=/bin/sh -c "! cat /home/ada/diary && ! touch /home/ada/notes/new && ! touch /srv/new"'
    with_time | configure
    in_box systemctl start mcp-gateway
    tells_time
}

confines_node() {
    in_box sh -c 'command -v node' > /dev/null || skip "there is no node on this machine"
    confines node /opt/test/probe.js
}

confines_npx() {
    in_box sh -c 'command -v npx' > /dev/null || skip "there is no npx on this machine"
    in_box sh -c 'mkdir -p /opt/npm && cp /opt/test/probe.js /opt/test/package.json /opt/npm'
    confines npx --yes --offline /opt/npm
}

confines_python() {
    confines /opt/python/bin/python3 /opt/test/probe.py
}

# From a wheel on disk: the box has no network.
confines_uvx() {
    local uv
    uv=$(in_box sh -c 'command -v uvx || ls /opt/peers/bin/uvx') || skip "there is no uvx on this machine"
    drop_in <<< $'[Service]\nEnvironment=UV_PYTHON=/opt/python/bin/python3'
    in_box /opt/python/bin/python3 /opt/test/probe.py --wheel /opt
    confines "$uv" --offline --no-index --find-links /opt probe
}
