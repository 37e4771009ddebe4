// Two phones side by side. `?left=[person]:[bot]&right=[person]:[bot]` chooses people and bots; a third part is the start payload.
import * as api from './api.js';
import { nameOf, Phone } from './phone.js';
import { showSettings } from './settings.js';
import { language, problemText } from './texts.js';

const botCheckInterval = 2000;
const barista = 7_100_000_001;
const sides = ['left', 'right'];
const phones = Object.fromEntries(sides.map(side => [side, new Phone(document.getElementById(side), () => remember())]));
const asked = new URLSearchParams(location.search);
let people = [];
let bots = [];
let opened = false;

async function refresh() {
  try {
    [people, bots] = await Promise.all([api.people(), api.bots()]);
  } catch {
    // The sandbox is down. The phones show that, and this runs again once they are connected.
    return;
  }
  for (const side of sides) {
    phones[side].setLists(people, bots);
  }
  if (!opened && bots.length > 0) {
    opened = true;
    open();
  } else if (bots.length === 0) {
    setTimeout(refresh, botCheckInterval);
  }
  nameTabs();
}

function open() {
  const usual = {
    left: [people[0].id, bots[0].username],
    right: [(people.find(person => person.id === barista) ?? people.at(-1)).id, (bots.find(bot => /barista/i.test(bot.username)) ?? bots.at(1) ?? bots[0]).username],
  };
  const wanted = Object.fromEntries(sides.map(side => {
    const [person, bot, payload] = (asked.get(side) ?? '').split(':');
    return [side, {
      person: people.find(one => `${one.id}` === person || one.username === person)?.id ?? usual[side][0],
      bot: bots.find(one => one.username === bot)?.username ?? usual[side][1],
      payload: payload ?? '',
    }];
  }));
  for (const side of sides) {
    phones[side].open(wanted[side].person, wanted[side].bot, wanted[side].payload);
  }
}

function remember() {
  if (sides.every(side => phones[side].person && phones[side].bot)) {
    history.replaceState(null, '', `?${sides.map(side => `${side}=${phones[side].person.id}:${phones[side].bot.username}`).join('&')}`);
    nameTabs();
  }
}

// A narrow screen shows one phone; tabs switch between them.
function nameTabs() {
  for (const side of sides) {
    document.getElementById(`tab-${side}`).textContent = phones[side].person?.firstName ?? '';
  }
}

function choose(side) {
  document.body.dataset.side = side;
  for (const one of sides) {
    document.getElementById(`tab-${one}`).ariaSelected = `${one === side}`;
  }
}

function addPersonFor(phone) {
  const dialog = document.getElementById('add-person');
  const form = dialog.querySelector('form');
  const error = dialog.querySelector('.error');
  form.reset();
  form.languageCode.value = language();
  error.hidden = true;
  dialog.querySelector('[value=cancel]').onclick = () => dialog.close();
  form.onsubmit = async event => {
    event.preventDefault();
    try {
      const filled = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
      const person = await api.addPerson(filled);
      await refresh();
      phone.open(person.id, phone.bot?.username ?? '');
      dialog.close();
    } catch (problem) {
      error.textContent = problemText(problem);
      error.hidden = false;
    }
  };
  dialog.showModal();
}

for (const side of sides) {
  const root = document.getElementById(side);
  root.addEventListener('add-person', () => addPersonFor(phones[side]));
  root.addEventListener('connected', () => opened && refresh());
  document.getElementById(`tab-${side}`).onclick = () => choose(side);
  document.getElementById(`tab-${side}`).onkeydown = event => {
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const other = sides.find(one => one !== side);
      choose(other);
      document.getElementById(`tab-${other}`).focus();
    }
  };
}

document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && refresh());

showSettings('title', () => sides.forEach(side => phones[side].translate()));
choose('left');
await refresh();
