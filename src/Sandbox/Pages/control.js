// Faults, mail and calls, looked at again every second.
const every = 1000;
const shown = 200;
let last = 0;
let requests = [];
let mails = [];

const get = async path => (await fetch(path)).json();

function cell(content, className = '') {
  const td = document.createElement('td');
  td.textContent = content ?? '';
  td.className = className;
  return td;
}

function showRequests() {
  const withPolls = document.getElementById('polls').checked;
  const newest = requests.filter(one => withPolls || one.method.toLowerCase() !== 'getupdates').slice(-shown).reverse();
  document.getElementById('requests').replaceChildren(...newest.map(one => {
    const row = document.createElement('tr');
    const status = [one.status, one.fault].filter(Boolean).join(' ') || '…';
    row.append(
      cell(new Date(one.at).toLocaleTimeString([], { hourCycle: 'h23' })), cell(one.bot), cell(one.method), cell(one.chatId),
      cell(status, one.status === 200 && !one.fault ? '' : 'bad'), cell(JSON.stringify(one.body)));
    return row;
  }));
}

function showMails() {
  document.getElementById('mails').replaceChildren(...mails.slice(-shown).reverse().map(one => {
    const row = document.createElement('tr');
    row.append(
      cell(new Date(one.at).toLocaleTimeString([], { hourCycle: 'h23' })), cell(one.from), cell(one.to.join(', ')), cell(one.subject),
      cell(one.text, 'text'));
    return row;
  }));
}

async function lookForMail() {
  mails = [...mails, ...await get(`/control/mail?after=${mails.at(-1)?.seq ?? 0}`)].slice(-1000);
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
    remove.textContent = 'Remove';
    remove.onclick = async () => {
      await fetch(`/control/faults/${id}`, { method: 'DELETE' });
      await showFaults();
    };
    item.append(Object.entries(fault).map(([name, value]) => `${name}: ${value}`).join(' · '), remove);
    return item;
  }));
}

async function look() {
  try {
    // Those that had no answer yet may have one now.
    const open = requests.find(one => !one.status)?.seq;
    const from = Math.min(last, open ? open - 1 : last);
    const news = await get(`/control/requests?after=${from}`);
    requests = [...requests.filter(one => one.seq <= from), ...news].slice(-2000);
    last = requests.at(-1)?.seq ?? last;
    showRequests();
    await lookForMail();
    if (!document.activeElement?.closest('#faults')) {
      await showFaults();
    }
  } catch {
    // It is away; it may come back.
  }
  setTimeout(look, every);
}

document.getElementById('fault').onsubmit = async event => {
  event.preventDefault();
  const form = event.target;
  const numbers = ['chatId', 'seconds', 'times'];
  const fault = Object.fromEntries([...new FormData(form)]
    .filter(([, value]) => value)
    .map(([name, value]) => [name, numbers.includes(name) ? Number(value) : value]));
  if (fault.kind === 'tooManyRequests' && fault.seconds) {
    fault.retryAfter = Math.ceil(fault.seconds);
    delete fault.seconds;
  }
  const response = await fetch('/control/faults', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) });
  const problem = response.ok ? null : await response.json().catch(() => ({}));
  document.getElementById('error').textContent = problem ? Object.values(problem.errors ?? {}).flat().join(' ') || problem.title : '';
  await showFaults();
};

document.getElementById('reset').onclick = async () => {
  await fetch('/control/reset', { method: 'POST' });
  requests = [];
  mails = [];
  showRequests();
  showMails();
  await showFaults();
};

document.getElementById('mailfault').onchange = async event => {
  await fetch('/control/mail/fault', {
    method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ kind: event.target.value || null }),
  });
};

document.getElementById('polls').onchange = showRequests;

const theme = localStorage.getItem('theme');
if (theme) {
  document.documentElement.dataset.theme = theme;
}
for (const bot of await get('/api/bots')) {
  document.querySelector('[name=bot]').append(new Option(bot.name, bot.username));
}
await look();
