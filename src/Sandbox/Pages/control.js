// Faults, mail and calls, refreshed every second.
import { showSettings } from './settings.js';
import { language, problemText, text } from './texts.js';

const interval = 1000;
const shown = 200;
let last = 0;
let requests = [];
let mails = [];

const get = async path => (await fetch(path)).json();

const send = (method, path, body) => fetch(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const timeOf = at => new Intl.DateTimeFormat(language(), { timeStyle: 'medium', hourCycle: 'h23' }).format(new Date(at));

// `name` is the key of the column heading, which a narrow screen shows beside the cell.
function cell(name, content, className = '') {
  const td = document.createElement('td');
  td.textContent = content ?? '';
  td.className = className;
  td.dataset.name = text(name);
  return td;
}

function showRequests() {
  const withPolls = document.getElementById('polls').checked;
  const newest = requests.filter(one => withPolls || one.method.toLowerCase() !== 'getupdates').slice(-shown).reverse();
  document.getElementById('requests').replaceChildren(...newest.map(one => {
    const row = document.createElement('tr');
    const status = [one.status, one.fault].filter(Boolean).join(' ') || '…';
    row.append(
      cell('time', timeOf(one.at)), cell('bot', one.bot), cell('method', one.method), cell('chat', one.chatId),
      cell('status', status, one.status === 200 && !one.fault ? '' : 'bad'), cell('sent', JSON.stringify(one.body), 'wide code'));
    return row;
  }));
}

function showMails() {
  document.getElementById('mails').replaceChildren(...mails.slice(-shown).reverse().map(one => {
    const row = document.createElement('tr');
    row.append(
      cell('time', timeOf(one.at)), cell('from', one.from), cell('to', one.to.join(', ')), cell('subject', one.subject, 'subject'),
      cell('text', one.text, 'wide text'));
    return row;
  }));
}

async function refreshMail() {
  const added = await get(`/control/mail?after=${mails.at(-1)?.seq ?? 0}`);
  mails = [...mails, ...added].slice(-1000);
  showMails();
  const fault = document.getElementById('mailfault');
  if (document.activeElement !== fault) {
    fault.value = (await get('/control/mail/fault')).kind ?? '';
  }
}

async function showFaults() {
  const faults = await get('/control/faults');
  document.getElementById('faults').replaceChildren(...faults.map(({ id, fault }) => {
    const item = document.createElement('li');
    const remove = document.createElement('button');
    remove.type = 'button';
    remove.textContent = text('remove');
    remove.onclick = async () => {
      await fetch(`/control/faults/${id}`, { method: 'DELETE' });
      await showFaults();
    };
    const details = Object.entries(fault).filter(([name]) => name !== 'kind').map(([name, value]) => `${name}: ${value}`);
    item.append([text('kinds')[fault.kind], ...details].join(' · '), remove);
    return item;
  }));
}

async function refresh() {
  try {
    // Also re-read calls that had no answer yet.
    const open = requests.find(one => !one.status)?.seq;
    const from = Math.min(last, open ? open - 1 : last);
    const added = await get(`/control/requests?after=${from}`);
    requests = [...requests.filter(one => one.seq <= from), ...added].slice(-2000);
    last = requests.at(-1)?.seq ?? last;
    showRequests();
    await refreshMail();
    if (!document.activeElement?.closest('#faults')) {
      await showFaults();
    }
  } catch {
    // The sandbox is down; try again later.
  }
  setTimeout(refresh, interval);
}

document.getElementById('fault').onsubmit = async event => {
  event.preventDefault();
  const form = event.target;
  const numbers = ['chatId', 'seconds', 'times'];
  const fault = Object.fromEntries([...new FormData(form)]
    .filter(([, value]) => value)
    .map(([name, value]) => [name, numbers.includes(name) ? Number(value) : value]));
  if (numbers.some(name => Number.isNaN(fault[name]))) {
    document.getElementById('error').textContent = text('badFault');
    return;
  }
  if (fault.kind === 'tooManyRequests' && fault.seconds) {
    fault.retryAfter = Math.ceil(fault.seconds);
    delete fault.seconds;
  }
  const response = await send('POST', '/control/faults', fault);
  document.getElementById('error').textContent = response.ok ? '' : response.status === 400 ? text('badFault') : problemText({});
  await showFaults();
};

const question = document.getElementById('confirm');
document.getElementById('reset').onclick = () => {
  question.returnValue = '';
  question.showModal();
};

question.onclose = async () => {
  if (question.returnValue !== 'reset') {
    return;
  }
  await send('POST', '/control/reset', {});
  requests = [];
  mails = [];
  showRequests();
  showMails();
  await showFaults();
};

document.getElementById('mailfault').onchange = async event => {
  await send('PUT', '/control/mail/fault', { kind: event.target.value || null });
};

document.getElementById('polls').onchange = showRequests;

function showTexts() {
  for (const option of document.querySelector('[name=kind]').options) {
    option.textContent = text('kinds')[option.value];
  }
  document.getElementById('error').textContent = '';
  showRequests();
  showMails();
}

showSettings('controlTitle', () => {
  showTexts();
  showFaults();
});
showTexts();
for (const bot of await get('/api/bots')) {
  document.querySelector('[name=bot]').append(new Option(bot.name, bot.username));
}
await refresh();
