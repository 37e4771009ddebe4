using Platform.Sandbox.Telegram.BotApi;
using Platform.Sandbox.Telegram.Bots;
using Platform.Sandbox.Telegram.Formatting;
using Platform.Sandbox.Telegram.People;

namespace Platform.Sandbox.Telegram.Chats;

/// <summary>What one person and one bot say to each other. Guarded by <see cref="Messenger.Lock"/>.</summary>
internal sealed class Chat(Bot bot, Person person)
{
    /// <summary>A chat that is used for months keeps its newest messages only.</summary>
    private const int MaxMessages = 1000;

    private static readonly TimeSpan TypingLasts = TimeSpan.FromSeconds(5);

    private readonly List<Message> _messages = [];

    public Bot Bot => bot;

    public Person Person => person;

    public IReadOnlyList<Message> Messages => _messages;

    /// <summary>The person wrote to the bot at least once; before that the bot may not write.</summary>
    public bool Started { get; private set; }

    /// <summary>By the person: the bot may not write.</summary>
    public bool Blocked { get; private set; }

    public ReplyKeyboard? ReplyKeyboard { get; private set; }

    /// <summary>The message that put <see cref="ReplyKeyboard"/> there.</summary>
    public int? KeyboardMessageId { get; private set; }

    public int? PinnedMessageId { get; private set; }

    /// <summary>What the bot said to the last button that was answered with a text.</summary>
    public CallbackAnswer? Answer { get; private set; }

    /// <summary>As in <c>sendChatAction</c>; holds until <see cref="ActionEndsAt"/>.</summary>
    public string? Action { get; private set; }

    public DateTimeOffset ActionEndsAt { get; private set; }

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    public Signal Changed { get; } = new();

    public Message? Find(int messageId) => _messages.Find(message => message.Id == messageId);

    /// <summary>From the bot, which says with it what becomes of the keyboard.</summary>
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

    /// <summary>The person says something, and the bot is told.</summary>
    /// <param name="create">Makes the message of the number that it is to have.</param>
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

    /// <summary>The person edits a message of theirs, and the bot is told.</summary>
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
        ActionEndsAt = now + TypingLasts;
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

    /// <summary>The person deletes the chat: the bot may go on writing, and is not told.</summary>
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

    /// <summary>As if they had never met.</summary>
    public void Forget()
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

/// <param name="Alert">In a window that must be closed, rather than shown for a moment.</param>
internal sealed record CallbackAnswer(string QueryId, string? Text, bool Alert, string? Url);

/// <summary>A button that was pressed, until the bot answers it.</summary>
internal sealed class CallbackQuery(string id, Chat chat, DateTimeOffset at)
{
    private readonly TaskCompletionSource<CallbackAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => id;

    public Chat Chat => chat;

    public DateTimeOffset At => at;

    public Task<CallbackAnswer> Answer => _answer.Task;

    /// <returns>False when it was answered before.</returns>
    public bool TryAnswer(CallbackAnswer answer) => _answer.TrySetResult(answer);
}
