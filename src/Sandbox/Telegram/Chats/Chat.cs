using Platform.Sandbox.Telegram.BotApi;
using Platform.Sandbox.Telegram.Bots;
using Platform.Sandbox.Telegram.Formatting;
using Platform.Sandbox.Telegram.People;

namespace Platform.Sandbox.Telegram.Chats;

/// <summary>The chat of one person with one bot. Guarded by <see cref="Messenger.Lock"/>.</summary>
internal sealed class Chat(Bot bot, Person person)
{
    /// <summary>Older messages are dropped.</summary>
    private const int MaxMessages = 1000;

    private static readonly TimeSpan ActionLifetime = TimeSpan.FromSeconds(5);

    private readonly List<Message> _messages = [];

    public Bot Bot => bot;

    public Person Person => person;

    public IReadOnlyList<Message> Messages => _messages;

    /// <summary>Whether the person has written to the bot; before that the bot may not write.</summary>
    public bool Started { get; private set; }

    /// <summary>Whether the person has blocked the bot, so that it may not write.</summary>
    public bool Blocked { get; private set; }

    public ReplyKeyboard? ReplyKeyboard { get; private set; }

    /// <summary>The message that set <see cref="ReplyKeyboard"/>.</summary>
    public int? KeyboardMessageId { get; private set; }

    public int? PinnedMessageId { get; private set; }

    /// <summary>The bot's text answer to the last pressed button.</summary>
    public CallbackAnswer? Answer { get; private set; }

    /// <summary>As in <c>sendChatAction</c>; shown until <see cref="ActionEndsAt"/>.</summary>
    public string? Action { get; private set; }

    public DateTimeOffset ActionEndsAt { get; private set; }

    /// <summary>Increases with every change.</summary>
    public long Version { get; private set; }

    public Signal Changed { get; } = new();

    public Message? Find(int messageId) => _messages.Find(message => message.Id == messageId);

    /// <summary>Adds a message from the bot and changes the keyboard if the message says so.</summary>
    public void AddFromBot(Message message, ReplyMarkup? markup)
    {
        Add(message);
        if (markup is { ChangesReplyKeyboard: true })
        {
            ReplyKeyboard = markup.Reply;
            KeyboardMessageId = markup.Reply is null ? null : message.Id;
        }

        Action = null;
        Touch();
    }

    /// <summary>Adds a message from the person and sends the bot an update.</summary>
    /// <param name="create">Creates the message for its number.</param>
    public Message Say(Func<int, Message> create)
    {
        var message = create(bot.NextMessageId());
        Add(message);
        Started = true;
        var pressed = message.Contact is not null || message.Text is { } text
            && ReplyKeyboard?.Rows.Any(row => row.Any(button => button.Text == text.Text)) is true;
        if (ReplyKeyboard is { OneTime: true } && (pressed || ReplyKeyboard.Rows.Count == 0))
        {
            ReplyKeyboard = null;
        }

        bot.Updates.Add(new WireUpdate { Message = Wire.Of(this, message) });
        Touch();
        return message;
    }

    /// <summary>Edits a message of the person and sends the bot an update.</summary>
    public void Rewrite(Message message, FormattedText text, DateTimeOffset at)
    {
        message.Text = text;
        message.EditedAt = at;
        bot.Updates.Add(new WireUpdate { EditedMessage = Wire.Of(this, message) });
        Touch();
    }

    public void Delete(Message message)
    {
        _messages.Remove(message);
        PinnedMessageId = PinnedMessageId == message.Id ? null : PinnedMessageId;
        Touch();
    }

    public void Edited(Message message, DateTimeOffset at)
    {
        message.EditedAt = at;
        Touch();
    }

    public void Pin(Message message)
    {
        PinnedMessageId = message.Id;
        Touch();
    }

    public void ShowAction(string action, DateTimeOffset now)
    {
        Action = action;
        ActionEndsAt = now + ActionLifetime;
        Touch();
    }

    public void ShowAnswer(CallbackAnswer answer)
    {
        Answer = answer;
        Touch();
    }

    public void Block()
    {
        Blocked = true;
        Touch();
    }

    public void Unblock()
    {
        Blocked = false;
        Touch();
    }

    /// <summary>The person deletes the chat. The bot gets no update and may go on writing.</summary>
    public void ClearHistory()
    {
        _messages.Clear();
        ReplyKeyboard = null;
        KeyboardMessageId = null;
        PinnedMessageId = null;
        Answer = null;
        Action = null;
        Touch();
    }

    public void Reset()
    {
        Started = false;
        Blocked = false;
        ClearHistory();
    }

    public void Touch()
    {
        Version++;
        Changed.Fire();
    }

    private void Add(Message message)
    {
        _messages.Add(message);
        if (_messages.Count > MaxMessages)
        {
            _messages.RemoveAt(0);
        }
    }
}

/// <param name="Alert">Whether it is shown in a dialog that must be closed.</param>
internal sealed record CallbackAnswer(string QueryId, string? Text, bool Alert, string? Url);

/// <summary>A pressed button that waits for the bot's answer.</summary>
internal sealed class CallbackQuery(string id, Chat chat, DateTimeOffset at)
{
    private readonly TaskCompletionSource<CallbackAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => id;

    public Chat Chat => chat;

    public DateTimeOffset At => at;

    public Task<CallbackAnswer> Answer => _answer.Task;

    /// <returns>False if it was already answered.</returns>
    public bool TryAnswer(CallbackAnswer answer) => _answer.TrySetResult(answer);
}
