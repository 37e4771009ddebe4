// Rendering of messages. A message is redrawn only when it changed.
import { language, text } from './texts.js';

export function element(tag, className, ...children) {
  const created = document.createElement(tag);
  if (className) {
    created.className = className;
  }
  created.append(...children);
  return created;
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

const segments = new Intl.Segmenter();

export function paintAvatar(target, name, id) {
  const words = name.trim().split(/\s+/).slice(0, 2);
  target.textContent = words.map(word => [...segments.segment(word)][0]?.segment ?? '').join('').toUpperCase();
  target.dataset.hue = Number(id) % 7;
}

const time = at => new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

function dayName(day) {
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  switch (day.toDateString()) {
    case today.toDateString(): return text('today');
    case yesterday.toDateString(): return text('yesterday');
    default: return new Intl.DateTimeFormat(language(), { day: 'numeric', month: 'long' }).format(day);
  }
}

const size = bytes => bytes < 1024 * 1024
  ? `${Math.max(1, Math.round(bytes / 1024))} KB`
  : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

export const formatPhone = digits =>
  `+${digits.replace(/\D/g, '').replace(/^(7)(\d{3})(\d{3})(\d{2})(\d{2})$/, '$1 $2 $3-$4-$5').replace(/^(1)(\d{3})(\d{3})(\d{4})$/, '$1 $2 $3-$4')}`;

export function summary(message) {
  return message.text ?? message.caption ?? message.document?.name ?? (message.photo ? text('photo') : text('contact'));
}

/** Updates the list to show the chat's messages. `actions`: press(message, button, shown), goTo(id), edit(message). */
export function showMessages(list, messages, actions) {
  const shown = new Map([...list.children].map(child => [child.dataset.key, child]));
  const wanted = [];
  let day = '';
  let previous = null;
  for (const message of messages) {
    const at = new Date(message.at);
    if (at.toDateString() !== day) {
      day = at.toDateString();
      wanted.push(reuse(shown, `day ${day}`, language(), () => element('div', 'day', element('span', '', dayName(at)))));
      previous = null;
    }
    const repliedTo = messages.find(other => other.id === message.replyToId);
    const continues = previous?.from === message.from && at - new Date(previous.at) < 180_000;
    const looks = JSON.stringify([message, continues, repliedTo && summary(repliedTo), language()]);
    wanted.push(reuse(shown, `${message.id}`, looks, () => bubble(message, continues, repliedTo, actions)));
    previous = message;
  }

  for (const [, gone] of shown) {
    gone.remove();
  }
  wanted.forEach((child, index) => {
    if (list.children[index] !== child) {
      list.insertBefore(child, list.children[index] ?? null);
    }
  });
}

// Keeps the element unless it looks different now; then the focus moves to the new one.
function reuse(shown, key, looks, create) {
  const old = shown.get(key);
  shown.delete(key);
  if (old?.looks === looks) {
    return old;
  }
  const created = create();
  created.dataset.key = key;
  created.looks = looks;
  if (old) {
    created.classList.add('still');
    const focused = [...old.querySelectorAll('button, a')].indexOf(document.activeElement);
    old.replaceWith(created);
    created.querySelectorAll('button, a')[focused]?.focus();
  }
  return created;
}

function bubble(message, continues, repliedTo, actions) {
  const own = message.from === 'person';
  const body = element('div', 'bubble');
  if (repliedTo) {
    const quote = element('button', 'quote', summary(repliedTo).slice(0, 120));
    quote.type = 'button';
    quote.onclick = () => actions.goTo(repliedTo.id);
    body.append(quote);
  }
  if (message.photo) {
    body.append(photo(message.photo));
  }
  if (message.document) {
    body.append(file(message.document));
  }
  if (message.contact) {
    body.append(contact(message.contact));
  }
  if (message.html) {
    const content = element('div', 'text');
    // Rendered by the sandbox: everything is escaped except Telegram's formatting tags.
    content.innerHTML = message.html;
    if (/^(\p{Extended_Pictographic}|\p{Emoji_Component}){1,6}$/u.test(message.text ?? '') && !/^[\d#*]+$/.test(message.text)) {
      content.classList.add('jumbo');
    }
    body.append(content);
  }
  const at = element('time', '', message.editedAt ? `${text('edited')} ` : '', time(new Date(message.at)));
  at.dateTime = message.at;
  body.append(at);
  if (own && message.text) {
    const edit = element('button', 'edit', icon('edit'));
    edit.type = 'button';
    // Not in the tab order: from the input, the up arrow edits the last message.
    edit.tabIndex = -1;
    edit.ariaLabel = edit.title = text('edit');
    edit.dataset.testid = 'edit';
    edit.onclick = () => actions.edit(message);
    body.append(edit);
  }
  if (message.photo && !message.html) {
    body.classList.add('bare');
  }

  const item = element('article', `message${own ? ' own' : ''}${continues ? ' continues' : ''}`, body);
  item.dataset.testid = 'message';
  item.dataset.from = message.from;
  item.dataset.id = message.id;
  if (message.inlineKeyboard) {
    item.append(inlineKeyboard(message, actions));
  }
  return item;
}

function photo(of) {
  const image = element('img', '');
  image.src = of.url;
  image.alt = text('photo');
  image.width = of.width;
  image.height = of.height;
  const link = element('a', 'photo', image);
  link.href = of.url;
  link.target = '_blank';
  return link;
}

function file(of) {
  const link = element('a', 'file', element('span', 'badge', icon('file')), element('span', 'names', element('b', '', of.name), element('small', '', size(of.bytes))));
  link.href = of.url;
  link.download = of.name;
  return link;
}

function contact(of) {
  const name = [of.firstName, of.lastName].filter(Boolean).join(' ') || formatPhone(of.phoneNumber);
  const avatar = element('span', 'avatar');
  paintAvatar(avatar, name, of.userId ?? of.phoneNumber.length);
  const number = element('a', '', formatPhone(of.phoneNumber));
  number.href = `tel:+${of.phoneNumber.replace(/\D/g, '')}`;
  return element('div', 'contact', avatar, element('span', 'names', element('b', '', name), number));
}

function inlineKeyboard(message, actions) {
  const keyboard = element('div', 'inline');
  for (const row of message.inlineKeyboard) {
    const line = element('div', 'row');
    for (const button of row) {
      const shown = button.url ? element('a', '', button.text, icon('link')) : element('button', '', button.text);
      if (button.url) {
        shown.href = button.url;
        shown.target = '_blank';
        shown.rel = 'noopener noreferrer';
      } else {
        shown.type = 'button';
        shown.onclick = () => actions.press(message, button, shown);
        if (button.copy) {
          shown.append(icon('copy'));
        }
      }
      shown.dataset.testid = 'inline-button';
      line.append(shown);
    }
    keyboard.append(line);
  }
  return keyboard;
}
