// Copies what a button with `data-copy` names, as a whole URL, and says so on the button and to screen readers.
const shownMillis = 2000;

const said = document.createElement('p');
said.className = 'unseen';
said.setAttribute('role', 'status');
document.body.append(said);
document.documentElement.classList.add('has-script');

/** The clipboard is for secure pages alone; on others a selection is copied, which every browser still does. */
async function copy(text) {
  if (navigator.clipboard !== undefined) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = document.createElement('textarea');
  field.className = 'unseen';
  field.value = text;
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (!copied) throw new Error('not allowed');
}

async function press(button) {
  let outcome = 'Copied';
  try {
    await copy(new URL(button.dataset.copy, location.href).href);
  } catch {
    outcome = 'Not copied: the browser refuses';
  }
  button.focus({ preventScroll: true });
  button.dataset.label ??= button.textContent;
  button.textContent = outcome;
  said.textContent = outcome;
  setTimeout(() => {
    button.textContent = button.dataset.label;
    said.textContent = '';
  }, shownMillis);
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-copy]');
  if (button !== null) void press(button);
});
