// Calls of the person's side.
async function call(method, path, body) {
  const form = body instanceof FormData;
  const response = await fetch(path, {
    method,
    headers: body && !form ? { 'content-type': 'application/json' } : undefined,
    body: form ? body : body && JSON.stringify(body),
  });
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) {
    // The detail is for developers; the page has its own texts for codes and fields.
    throw Object.assign(new Error(answer?.detail ?? answer?.title ?? response.status), { code: answer?.code, fields: Object.keys(answer?.errors ?? {}) });
  }
  return answer;
}

export const people = () => call('GET', '/api/people');
export const bots = () => call('GET', '/api/bots');
export const addPerson = person => call('POST', '/api/people', person);

/** The calls of one chat. */
export function chat(bot, personId) {
  const path = `/api/chats/${encodeURIComponent(bot)}/${personId}`;
  return {
    write: text => call('POST', `${path}/messages`, { text }),
    edit: (messageId, text) => call('POST', `${path}/edit`, { messageId, text }),
    shareContact: () => call('POST', `${path}/contact`, {}),
    press: (messageId, data) => call('POST', `${path}/press`, { messageId, data }),
    sendFile(file, caption) {
      const form = new FormData();
      form.append('file', file);
      form.append('caption', caption);
      return call('POST', `${path}/${/^image\/(png|jpeg|gif|webp)$/.test(file.type) ? 'photo' : 'document'}`, form);
    },
    block: () => call('POST', `${path}/block`, {}),
    unblock: () => call('POST', `${path}/unblock`, {}),
    clear: () => call('POST', `${path}/clear`, {}),

    /** Calls back with each state of the chat and whether it is connected. Returns a function that stops. */
    follow(onState, onConnected) {
      const events = new EventSource(`${path}/events`);
      events.addEventListener('chat', event => onState(JSON.parse(event.data)));
      events.onopen = () => onConnected(true);
      events.onerror = () => onConnected(false);
      return () => events.close();
    },
  };
}
