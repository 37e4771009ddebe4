// One phone: a person's chat with a bot.
import * as api from './api.js';
import { element, formatPhone, icon, paintAvatar, showMessages, summary } from './messages.js';
import { problemText, text, translate } from './texts.js';

const nearBottom = 80;
const toastDuration = 4000;

export class Phone {
  #root;
  #parts = {};
  #onChange;
  #people = [];
  #bots = [];
  #personId;
  #botName;
  #payload = '';
  #editing = null;
  #chat = null;
  #stop = () => { };
  #state = null;
  #connected = true;
  #toastTimer;

  constructor(root, onChange) {
    this.#root = root;
    this.#onChange = onChange;
    root.append(document.getElementById('phone').content.cloneNode(true));
    for (const part of root.querySelectorAll('[data-part]')) {
      this.#parts[part.dataset.part] = part;
    }
    this.#listen();
    this.translate();
  }

  get person() {
    return this.#people.find(person => person.id === this.#personId);
  }

  get bot() {
    return this.#bots.find(bot => bot.username === this.#botName);
  }

  /** Sets the people and bots to choose from; the selection stays. */
  setLists(people, bots) {
    this.#people = people;
    this.#bots = bots;
    const { person, bot } = this.#parts;
    person.replaceChildren(...people.map(one => new Option(nameOf(one), one.id)));
    bot.replaceChildren(...bots.map(one => new Option(one.name, one.username)));
    bot.disabled = bots.length === 0;
    this.#showWho();
  }

  /** Opens this person's chat with this bot. `payload` is sent with the start, as from a link to the bot. */
  open(personId, botName, payload = '') {
    this.#payload = payload;
    if (personId === this.#personId && botName === this.#botName) {
      this.#draw();
      return;
    }
    this.#stop();
    [this.#personId, this.#botName, this.#state, this.#chat] = [personId, botName, null, null];
    this.#parts.messages.replaceChildren();
    this.#stopEditing();
    this.#closeMenus();
    this.#closeAlert();
    this.#parts.toast.hidden = true;
    this.#showWho();
    if (this.person && this.bot) {
      this.#chat = api.chat(botName, personId);
      this.#stop = this.#chat.follow(state => this.#receive(state), connected => this.#setConnected(connected));
    }
    this.#draw();
    this.#onChange(this);
  }

  translate() {
    translate(this.#root);
    this.#parts.messages.ariaLabel = text('messages');
    this.#draw();
  }

  focus() {
    this.#parts.text.focus({ preventScroll: true });
  }

  #listen() {
    const parts = this.#parts;
    parts.person.onchange = () => this.open(Number(parts.person.value), this.#botName);
    parts.bot.onchange = () => this.open(this.#personId, parts.bot.value);
    parts.addPerson.onclick = () => this.#root.dispatchEvent(new CustomEvent('add-person'));

    parts.compose.onsubmit = event => {
      event.preventDefault();
      this.#send();
    };
    parts.text.oninput = () => {
      this.#grow();
      const typed = parts.text.value;
      this.#openMenu(parts.commands, parts.commandMenu, /^\/\w*$/.test(typed) && this.#drawCommands(typed.slice(1)));
    };
    parts.text.onkeydown = event => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#send();
      } else if (event.key === 'ArrowUp' && !parts.commandMenu.hidden) {
        event.preventDefault();
        parts.commandMenu.lastElementChild?.focus();
      } else if (event.key === 'ArrowUp' && parts.text.value === '') {
        const last = this.#state?.messages.findLast(message => message.from === 'person' && message.text);
        if (last) {
          event.preventDefault();
          this.#edit(last);
        }
      }
    };
    parts.stopEditing.onclick = () => {
      this.#stopEditing();
      this.focus();
    };

    parts.commands.onclick = () => {
      const open = parts.commandMenu.hidden;
      this.#drawCommands('');
      this.#openMenu(parts.commands, parts.commandMenu, open, true);
    };
    parts.attach.onclick = () => this.#openMenu(parts.attach, parts.attachMenu, parts.attachMenu.hidden, true);
    parts.more.onclick = () => this.#openMenu(parts.more, parts.moreMenu, parts.moreMenu.hidden, true);
    parts.attachFile.onclick = () => {
      this.#closeMenus();
      parts.file.click();
    };
    parts.file.onchange = () => {
      const [file] = parts.file.files;
      parts.file.value = '';
      if (file) {
        const caption = parts.text.value.trim();
        this.#clearText();
        this.#try(() => this.#chat.sendFile(file, caption));
      }
    };
    parts.shareContact.onclick = () => this.#fromMenu(() => this.#chat.shareContact());
    parts.clear.onclick = () => this.#fromMenu(() => this.#chat.clear());
    parts.block.onclick = () => this.#fromMenu(() => this.#chat.block());
    parts.unblock.onclick = () => this.#try(() => this.#chat.unblock());
    parts.start.onclick = () => this.#write(this.#payload ? `/start ${this.#payload}` : '/start');
    parts.pinned.onclick = () => this.#goTo(this.#state.pinnedMessageId);
    parts.latest.onclick = () => this.#toBottom('smooth');
    parts.alertClose.onclick = () => {
      this.#closeAlert();
      this.focus();
    };

    parts.messages.onscroll = () => {
      parts.latest.hidden = this.#isAtBottom();
    };
    parts.messages.onclick = event => this.#follow(event);
    // A picture that loads late must not push the newest message out of view.
    parts.messages.addEventListener('load', () => this.#keepBottom(), true);
    this.#root.addEventListener('keydown', event => this.#onKey(event));
    this.#root.addEventListener('focusout', event => {
      if (event.relatedTarget && !event.relatedTarget.closest('.menu, [aria-haspopup], textarea')) {
        this.#closeMenus();
      }
    });
    document.addEventListener('pointerdown', event => {
      if (!event.target.closest('.menu, [aria-haspopup]') || !this.#root.contains(event.target)) {
        this.#closeMenus();
      }
    });
    new ResizeObserver(() => this.#keepBottom()).observe(parts.messages);
  }

  #wasAtBottom = true;

  #receive(state) {
    const before = this.#state;
    this.#state = state;
    this.#draw();
    const newest = state.messages.at(-1);
    if (!before || (newest?.from === 'person' && newest.id !== before.messages.at(-1)?.id)) {
      this.#toBottom('instant');
    }
    if (before && state.answer && state.answer.queryId !== before.answer?.queryId) {
      this.#showAnswer(state.answer);
    }
  }

  #setConnected(connected) {
    this.#connected = connected;
    this.#drawStatus();
    if (connected) {
      this.#root.dispatchEvent(new CustomEvent('connected'));
    }
  }

  #showWho() {
    const { person, bot, personAvatar, botAvatar, number } = this.#parts;
    person.value = this.#personId ?? '';
    bot.value = this.#botName ?? '';
    paintAvatar(personAvatar, this.person ? nameOf(this.person) : '?', this.#personId ?? 0);
    paintAvatar(botAvatar, this.bot?.name ?? '?', this.bot?.id ?? 0);
    number.textContent = this.person ? formatPhone(this.person.phone) : '';
    number.title = this.person ? `id ${this.person.id}` : '';
    this.#root.ariaLabel = `${text('chatOf')} ${this.person ? nameOf(this.person) : ''} – ${this.bot?.name ?? ''}`;
  }

  #draw() {
    const parts = this.#parts;
    const state = this.#state;
    const used = document.activeElement;
    const byKeyboard = this.#root.contains(used) && used.matches(':focus-visible');
    const stick = this.#isAtBottom();
    const open = state?.started && !state.blocked;
    parts.compose.hidden = !open;
    parts.start.hidden = !state || state.started || state.blocked;
    parts.unblock.hidden = !state?.blocked;
    parts.more.hidden = !state?.started;
    parts.block.hidden = !!state?.blocked;
    parts.text.placeholder = (open && state.replyKeyboard?.placeholder) || text('message');
    this.#drawStatus();
    this.#drawReplies(open ? state.replyKeyboard : null);

    const pinned = state?.messages.find(message => message.id === state.pinnedMessageId);
    parts.pinned.hidden = !pinned;
    parts.pinned.lastElementChild.textContent = pinned ? summary(pinned) : '';

    if (state?.messages.length) {
      parts.messages.querySelector('.empty')?.remove();
      showMessages(parts.messages, state.messages, {
        press: (message, button, shown) => this.#press(message, button, shown),
        goTo: id => this.#goTo(id),
        edit: message => this.#edit(message),
      });
    } else {
      parts.messages.replaceChildren(this.#emptiness());
    }
    if (this.#editing && !state?.messages.some(message => message.id === this.#editing)) {
      this.#stopEditing();
    }
    if (stick) {
      this.#toBottom('instant');
    }
    // The pressed button is gone. Keyboard users continue in the input; a touch must not open the on-screen keyboard.
    if (byKeyboard && (document.activeElement === document.body || !document.activeElement.checkVisibility())) {
      this.#focusInput();
    }
  }

  #focusInput() {
    const { compose, start, unblock, text: field } = this.#parts;
    const target = !compose.hidden ? field : !start.hidden ? start : unblock;
    target.focus({ preventScroll: true });
  }

  #emptiness() {
    if (!this.bot) {
      return element('div', 'empty', element('h2', '', text('noBots')), element('p', '', text('noBotsHint')));
    }
    const avatar = element('span', 'avatar large');
    paintAvatar(avatar, this.bot.name, this.bot.id);
    const hint = this.#state?.started ? text('empty') : text('greeting');
    return element('div', 'empty', avatar, element('h2', '', this.bot.name), element('p', '', this.#state ? hint : ''));
  }

  #drawStatus() {
    const state = this.#state;
    const status = this.#parts.status;
    const doing = state?.typing && (state.typing === 'typing' ? text('typing') : text('sending'));
    status.textContent = !this.bot ? '' : !this.#connected ? text('connecting') : state?.blocked ? text('blocked') : doing || `@${this.bot.username}`;
    status.classList.toggle('active', !!doing && this.#connected && !state.blocked);
  }

  #drawReplies(keyboard) {
    const { replies } = this.#parts;
    const looks = JSON.stringify(keyboard ?? null);
    if (replies.looks === looks) {
      return;
    }
    replies.looks = looks;
    replies.hidden = !keyboard?.rows.length;
    replies.replaceChildren(...(keyboard?.rows ?? []).map(row => element('div', 'row', ...row.map(button => {
      const shown = element('button', '', button.text);
      shown.type = 'button';
      shown.dataset.testid = 'reply-button';
      if (button.requestContact) {
        shown.prepend(icon('phone'));
      }
      shown.onclick = () => {
        if (shown.matches(':focus-visible')) {
          this.focus();
        }
        return button.requestContact ? this.#try(() => this.#chat.shareContact()) : this.#write(button.text);
      };
      return shown;
    }))));
  }

  /** Returns whether there is a command to choose. */
  #drawCommands(prefix) {
    const commands = (this.#state?.commands ?? []).filter(one => one.command.startsWith(prefix));
    this.#parts.commandMenu.replaceChildren(...commands.map(one => {
      const item = element('button', '', element('b', '', `/${one.command}`), element('span', '', one.description));
      item.type = 'button';
      item.role = 'menuitem';
      item.dataset.testid = 'command';
      item.onclick = () => {
        this.#clearText();
        this.#closeMenus();
        this.#write(`/${one.command}`);
        this.focus();
      };
      return item;
    }));
    if (commands.length === 0) {
      this.#parts.commandMenu.replaceChildren(element('p', '', text('noCommands')));
    }
    return commands.length > 0;
  }

  #openMenu(button, menu, open, focus = false) {
    this.#closeMenus();
    menu.hidden = !open;
    button.ariaExpanded = `${!!open}`;
    if (open && focus) {
      menu.querySelector('[role=menuitem]:not([hidden])')?.focus();
    }
  }

  #closeMenus() {
    for (const menu of this.#root.querySelectorAll('.menu')) {
      menu.hidden = true;
    }
    for (const button of this.#root.querySelectorAll('[aria-haspopup]')) {
      button.ariaExpanded = 'false';
    }
  }

  #onKey(event) {
    if (event.key === 'Escape') {
      if (this.#editing) {
        this.#stopEditing();
        this.focus();
        return;
      }
      const menu = event.target.closest('.menu');
      this.#closeMenus();
      if (menu || !this.#parts.alert.hidden) {
        this.#closeAlert();
        this.focus();
      }
      return;
    }
    const items = [...event.target.closest('.menu')?.querySelectorAll('[role=menuitem]:not([hidden])') ?? []];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (items.length && step) {
      event.preventDefault();
      items.at((items.indexOf(event.target) + step) % items.length).focus();
    } else if ((event.key === 'Enter' || event.key === ' ') && event.target.matches('.command, .spoiler')) {
      event.preventDefault();
      event.target.click();
    }
  }

  // Clickable parts of a message: commands, spoilers, links to bots.
  #follow(event) {
    const command = event.target.closest('.command');
    if (command) {
      this.#write(command.dataset.command);
      return;
    }
    event.target.closest('.spoiler')?.classList.add('shown');
    const link = event.target.closest('a[href]');
    const [, name, payload] = link?.href.match(/^(?:https?:\/\/t\.me\/|tg:\/\/resolve\?domain=)(\w+)(?:[?&]start=([\w-]*))?$/) ?? [];
    const bot = this.#bots.find(one => one.username.toLowerCase() === name?.toLowerCase());
    if (bot) {
      event.preventDefault();
      if (bot.username === this.#botName && this.#state?.started) {
        this.#write(payload ? `/start ${payload}` : '/start');
      } else {
        this.open(this.#personId, bot.username, payload);
      }
    }
  }

  #send() {
    const written = this.#parts.text.value.trim();
    if (!written) {
      return;
    }
    const editing = this.#editing;
    this.#stopEditing();
    this.#clearText();
    this.#closeMenus();
    if (editing) {
      this.#try(() => this.#chat.edit(editing, written));
    } else {
      this.#write(written);
    }
  }

  #edit(message) {
    this.#editing = message.id;
    this.#parts.editing.hidden = false;
    this.#parts.text.value = message.text;
    this.#grow();
    this.focus();
  }

  #stopEditing() {
    if (this.#editing) {
      this.#editing = null;
      this.#parts.editing.hidden = true;
      this.#clearText();
    }
  }

  #write(written) {
    this.#payload = '';
    return this.#try(() => this.#chat.write(written));
  }

  async #press(message, button, shown) {
    if (button.copy) {
      await this.#try(() => navigator.clipboard.writeText(button.copy));
      this.#showToast(text('copied'));
      return;
    }
    shown.classList.add('waiting');
    shown.ariaBusy = 'true';
    const result = await this.#try(() => this.#chat.press(message.id, button.data));
    shown.classList.remove('waiting');
    shown.ariaBusy = null;
    if (result?.answer?.url) {
      window.open(result.answer.url, '_blank', 'noopener');
    }
  }

  #fromMenu(action) {
    this.#closeMenus();
    this.focus();
    return this.#try(action);
  }

  async #try(action) {
    try {
      return await action();
    } catch (error) {
      this.#showToast(problemText(error));
      return null;
    }
  }

  #showAnswer(answer) {
    if (!answer.alert) {
      this.#showToast(answer.text);
      return;
    }
    const { alert, alertText, alertClose } = this.#parts;
    alertText.textContent = answer.text;
    alert.hidden = false;
    for (const behind of alert.parentElement.children) {
      behind.inert = behind !== alert;
    }
    alertClose.focus();
  }

  #closeAlert() {
    const { alert } = this.#parts;
    alert.hidden = true;
    for (const behind of alert.parentElement.children) {
      behind.inert = false;
    }
  }

  #showToast(message) {
    const { toast } = this.#parts;
    toast.textContent = message;
    toast.hidden = false;
    clearTimeout(this.#toastTimer);
    this.#toastTimer = setTimeout(() => toast.hidden = true, toastDuration);
  }

  #goTo(id) {
    const message = this.#parts.messages.querySelector(`[data-id="${id}"]`);
    message?.scrollIntoView({ block: 'center', behavior: 'smooth' });
    message?.animate([{ filter: 'brightness(1.25)' }, { filter: 'none' }], 1200);
  }

  #isAtBottom() {
    const { messages } = this.#parts;
    return this.#wasAtBottom = messages.scrollHeight - messages.scrollTop - messages.clientHeight < nearBottom;
  }

  #keepBottom() {
    if (this.#wasAtBottom) {
      this.#toBottom('instant');
    }
  }

  #toBottom(behavior) {
    this.#wasAtBottom = true;
    this.#parts.latest.hidden = true;
    this.#parts.messages.scrollTo({ top: this.#parts.messages.scrollHeight, behavior });
  }

  #clearText() {
    this.#parts.text.value = '';
    this.#grow();
  }

  #grow() {
    const field = this.#parts.text;
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, 132)}px`;
  }
}

export const nameOf = person => [person.firstName, person.lastName].filter(Boolean).join(' ');
