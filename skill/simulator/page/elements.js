// The page's elements: found, and made without ever parsing markup.

export const $ = (id) => document.getElementById(id);
export const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`).value;

/** An element with `properties` and `children`, texts among them: no markup is ever parsed. */
export function make(tag, properties = {}, ...children) {
  const { verdict, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  if (verdict) element.dataset.verdict = verdict;
  element.append(...children);
  return element;
}
