// Making elements, and times for people. All texts of servers go through textContent: none of them is markup.

/** `element('p', { className: 'faint' }, 'text', otherElement)`; an array of children is taken too. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes('-') || key === 'role') made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

const units = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];

/** `3 d 4 h`, `12 s`, `850 ms`: the two largest units that matter. */
export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return '–';
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  let rest = Math.floor(milliseconds / 1000);
  const parts = [];
  for (const [size, unit] of units) {
    if (rest >= size) parts.push(`${Math.floor(rest / size)} ${unit}`);
    rest %= size;
  }
  return parts.slice(0, 2).join(' ');
}

/** Sets a text only if it is another, so that a selection survives and screen readers stay silent. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A value of the API as text: lists and objects as JSON. */
export function plain(value) {
  if (value === null || value === undefined || value === '') return '–';
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

/** A list of names and values; those without a value are left out. */
export function facts(entries) {
  return element('dl', {}, entries.filter(([, value]) => value !== null && value !== undefined && value !== '').flatMap(
    ([name, value]) => [element('dt', {}, name), element('dd', {}, value instanceof Node ? value : plain(value))]));
}
