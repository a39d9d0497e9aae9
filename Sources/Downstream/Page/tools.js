// The tools of a server, each with its schema and a form to try it.

import { postText, serverPath } from './api.js';
import { element } from './dom.js';

export function toolList(server, tools, signal, mayAct) {
  if (!tools.length) return [element('p', {}, 'It has none.')];
  return tools.map((tool) => element('details', { 'data-tool': tool.name },
    element('summary', {}, element('code', {}, tool.name), tool.title ? ` ${tool.title}` : ''),
    tool.description ? element('p', {}, tool.description) : null,
    mayAct ? tryForm(server, tool, signal)
      : element('p', { className: 'faint' }, 'To try it, enter a token: one of mcpProxy.admin.tokens.'),
    element('details', {}, element('summary', {}, 'Schema'),
      element('pre', {}, JSON.stringify(tool.inputSchema, null, 2)))));
}

function tryForm(server, tool, signal) {
  const schema = tool.inputSchema ?? {};
  const fields = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    field(name, property, (schema.required ?? []).includes(name)));
  // A tool that names no arguments may take some all the same.
  const whole = fields.length || schema.additionalProperties === false ? null
    : element('textarea', { placeholder: '{}', 'aria-label': 'Arguments as JSON' });
  const result = element('pre', { hidden: true, 'aria-live': 'polite' });
  const button = element('button', { className: 'main' }, 'Call');
  const form = element('form', { className: 'try' }, fields.map((each) => each.label), whole, button, result);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    result.hidden = false;
    result.textContent = 'Calling …';
    try {
      const members = fields.map((each) => each.json()).filter((member) => member !== null);
      const args = whole?.value.trim() ? checked(whole.value) : `{${members.join(',')}}`;
      const call = `{"tool":${JSON.stringify(tool.name)},"arguments":${args}}`;
      result.textContent = readable(await postText(serverPath(server, 'call'), call, signal));
    } catch (error) {
      result.textContent = error.message;
    }
    button.disabled = false;
  });
  return form;
}

/** A field of the form: its label, and what it says as the text of a member, or `null` if it is left empty. */
function field(name, property, isRequired) {
  const [input, value] = control(property ?? {}, isRequired);
  input.name = name;
  const hint = [isRequired ? 'required' : null, property?.description].filter(Boolean).join('; ');
  const label = element('label', {}, element('code', {}, name), hint ? element('span', { className: 'faint' }, ` ${hint}`) : '', input);
  const json = () => {
    try {
      const text = value();
      return text === null ? null : `${JSON.stringify(name)}:${text}`;
    } catch (error) {
      throw new Error(`${name}: ${error.message}`);
    }
  };
  return { label, json };
}

/** What one types a value into, and a function that returns its JSON text. */
function control(property, isRequired) {
  if (Array.isArray(property.enum)) {
    const choices = property.enum.map((choice) => JSON.stringify(choice));
    const options = (isRequired ? choices : ['', ...choices]).map((choice) => element('option', { value: choice }, choice));
    const select = element('select', {}, options);
    return [select, () => select.value === '' ? null : select.value];
  }
  const start = property.default === undefined ? '' : property.default;
  switch (property.type) {
    case 'boolean': {
      const select = element('select', {}, ['', 'true', 'false'].map((word) => element('option', { value: word }, word)));
      select.value = String(start);
      return [select, () => select.value === '' ? missing(isRequired) : select.value];
    }
    case 'number':
    case 'integer': {
      const input = element('input', { inputMode: 'decimal', value: String(start), required: isRequired });
      return [input, () => {
        const text = input.value.trim();
        if (text === '') return missing(isRequired);
        // Checked, but sent as typed: a number beyond 2^53 would not survive being read.
        if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) throw new Error('this is no number');
        return text;
      }];
    }
    case 'string': {
      const area = element('textarea', { value: String(start), rows: 1 });
      return [area, () => area.value === '' && !isRequired ? null : JSON.stringify(area.value)];
    }
    default: {
      const area = element('textarea', { value: start === '' ? '' : JSON.stringify(start, null, 2), placeholder: 'JSON' });
      return [area, () => {
        const text = area.value.trim();
        if (text === '') return missing(isRequired);
        return checked(text);
      }];
    }
  }
}

/** The text if it is JSON, as it is spelled. */
function checked(text) {
  JSON.parse(text);
  return text;
}

function missing(isRequired) {
  if (isRequired) throw new Error('this is required');
  return null;
}

/** The texts of a result if it has nothing else, and the whole answer otherwise. */
function readable(text) {
  const { result } = JSON.parse(text);
  const content = result?.content;
  if (!Array.isArray(content) || !content.length || !content.every((part) => part.type === 'text')) return text;
  const words = content.map((part) => part.text).join('\n');
  return result.isError ? `The tool reports an error.\n${words}` : words;
}
