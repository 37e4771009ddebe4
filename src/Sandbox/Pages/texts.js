// What the page itself says; what bots say is theirs. One key in both languages.
const all = {
  en: {
    title: 'Sandbox – a messenger of your own',
    tagline: 'A messenger of your own: you hold both phones.',
    control: 'Control',
    theme: 'Colours: as the system, light or dark',
    language: 'Switch to Russian',
    person: 'Whose phone this is',
    bot: 'Bot',
    addPerson: 'Add a person',
    more: 'More',
    clear: 'Clear history',
    block: 'Block the bot',
    unblock: 'Unblock',
    start: 'Start',
    attach: 'Attach',
    attachFile: 'Photo or file',
    shareContact: 'My phone number',
    message: 'Message',
    commands: 'Commands',
    noCommands: 'This bot has no commands.',
    send: 'Send',
    latest: 'To the newest message',
    messages: 'Messages',
    isBot: 'bot',
    connecting: 'connecting…',
    typing: 'typing…',
    sending: 'sending…',
    blocked: 'blocked',
    edited: 'edited',
    today: 'Today',
    yesterday: 'Yesterday',
    photo: 'Photo',
    contact: 'Contact',
    newsFrom: 'Conversation of',
    greeting: 'What can this bot do? Press “Start” to find out.',
    empty: 'No messages here yet.',
    noBots: 'No bot is known here yet',
    noBotsHint: 'Start the sandbox with Sandbox:Bots:0:Token and Username, or add one by POST /control/bots. It shows up here by itself.',
    copied: 'Copied',
    failed: 'That did not work: ',
    firstName: 'First name',
    lastName: 'Last name',
    phone: 'Phone',
    languageOfPerson: 'Language',
    cancel: 'Cancel',
    add: 'Add',
  },
  ru: {
    title: 'Песочница – свой мессенджер',
    tagline: 'Свой мессенджер: оба телефона в ваших руках.',
    control: 'Управление',
    theme: 'Цвета: как в системе, светлые или тёмные',
    language: 'Переключить на английский',
    person: 'Чей это телефон',
    bot: 'Бот',
    addPerson: 'Добавить человека',
    more: 'Ещё',
    clear: 'Очистить историю',
    block: 'Заблокировать бота',
    unblock: 'Разблокировать',
    start: 'Начать',
    attach: 'Прикрепить',
    attachFile: 'Фото или файл',
    shareContact: 'Мой номер телефона',
    message: 'Сообщение',
    commands: 'Команды',
    noCommands: 'У этого бота нет команд.',
    send: 'Отправить',
    latest: 'К новому сообщению',
    messages: 'Сообщения',
    isBot: 'бот',
    connecting: 'соединение…',
    typing: 'печатает…',
    sending: 'отправляет…',
    blocked: 'заблокирован',
    edited: 'изменено',
    today: 'Сегодня',
    yesterday: 'Вчера',
    photo: 'Фото',
    contact: 'Контакт',
    newsFrom: 'Переписка:',
    greeting: 'Что умеет этот бот? Нажмите «Начать», чтобы узнать.',
    empty: 'Здесь пока нет сообщений.',
    noBots: 'Ни одного бота пока нет',
    noBotsHint: 'Запустите песочницу с настройками Sandbox:Bots:0:Token и Username или добавьте бота через POST /control/bots. Здесь он появится сам.',
    copied: 'Скопировано',
    failed: 'Не получилось: ',
    firstName: 'Имя',
    lastName: 'Фамилия',
    phone: 'Телефон',
    languageOfPerson: 'Язык',
    cancel: 'Отмена',
    add: 'Добавить',
  },
};

const stored = localStorage.getItem('language');
let current = stored in all ? stored : (navigator.language.startsWith('ru') ? 'ru' : 'en');

export const language = () => current;

export const text = key => all[current][key];

export function setLanguage(next) {
  current = next;
  localStorage.setItem('language', next);
}

/** Fills whatever in a part of the page says which text it wants. */
export function translate(root) {
  for (const element of root.querySelectorAll('[data-text]')) {
    element.textContent = text(element.dataset.text);
  }
  for (const element of root.querySelectorAll('[data-label]')) {
    element.ariaLabel = element.title = text(element.dataset.label);
  }
}
