using System.Diagnostics;
using System.Text.Json;
using Platform.Contracts;
using Platform.Sandbox.Telegram.Bots;
using Platform.Sandbox.Telegram.Chats;
using Platform.Sandbox.Telegram.Formatting;

namespace Platform.Sandbox.Telegram.BotApi;

/// <summary>A bot's call and the readers that methods share. Readers return a refusal, or null if all is well.</summary>
internal sealed class BotCall(Bot bot, Parameters parameters, Messenger messenger, IServiceProvider services)
{
    public Bot Bot => bot;

    public Parameters Parameters => parameters;

    public Messenger Messenger => messenger;

    public TService Service<TService>() where TService : notnull => services.GetRequiredService<TService>();

    /// <summary>The same call with other parameters: those of a nested object.</summary>
    public BotCall ReadingFrom(Parameters nested) => new(bot, nested, messenger, services);

    /// <summary>The chat of <c>chat_id</c>, whether or not the bot may write there.</summary>
    public Refusal? FindChat(out Chat chat)
    {
        chat = null!;
        if (parameters.Text("chat_id") is null)
        {
            return Refusals.NoChatId;
        }

        if (parameters.Long("chat_id") is not ({ } id and > 0) || messenger.FindPerson(new TelegramId(id)) is not { } person)
        {
            return Refusals.ChatNotFound;
        }

        chat = messenger.ChatOf(bot, person);
        return null;
    }

    /// <summary>The chat of <c>chat_id</c>, if the bot may write there.</summary>
    public Refusal? FindOpenChat(out Chat chat) => FindChat(out chat) ?? chat switch
    {
        { Blocked: true } => Refusals.Blocked,
        { Started: false } => Refusals.NotStarted,
        _ => null,
    };

    /// <summary>Finds a message that the bot may edit.</summary>
    public Refusal? FindOwnMessage(out Chat chat, out Message message)
    {
        message = null!;
        if (FindOpenChat(out chat) is { } refusal)
        {
            return refusal;
        }

        if (parameters.Long("message_id") is not { } id)
        {
            return Refusals.NoMessageId;
        }

        if (id is < 1 or > int.MaxValue || chat.Find((int)id) is not { } found)
        {
            return Refusals.MessageGone;
        }

        message = found;
        return found is { FromBot: true, ChangedReplyKeyboard: false } ? null : Refusals.CannotBeEdited;
    }

    /// <summary>Reads text with its formatting, from <c>parse_mode</c> or a list of entities.</summary>
    /// <param name="text">Trimmed; may be empty.</param>
    public Refusal? ReadText(string name, string entitiesName, out FormattedText text)
    {
        var raw = parameters.Text(name) ?? "";
        text = FormattedText.Plain(raw);
        switch (parameters.Text("parse_mode")?.ToUpperInvariant())
        {
            case null when parameters.Text(entitiesName) is { } json:
                return FormattedText.TryReadEntities(raw, json, out text) ? null : Refusal.BadRequest("can't parse entities: Can't parse MessageEntity");
            case null:
                return null;
            case "HTML":
                return HtmlReader.TryRead(raw, out text, out var error) ? null : Refusal.BadRequest($"can't parse entities: {error}");
            case "MARKDOWN" or "MARKDOWNV2":
                return Refusal.BadRequest("unsupported parse_mode: the sandbox supports HTML only");
            default:
                return Refusal.BadRequest("unsupported parse_mode");
        }
    }

    public Refusal? ReadReplyMarkup(out ReplyMarkup? markup)
    {
        markup = null;
        return parameters.Text("reply_markup") is { } json ? Chats.ReplyMarkup.Read(json, out markup) : null;
    }

    /// <summary>The message that is replied to, from <c>reply_parameters</c> or the older <c>reply_to_message_id</c>.</summary>
    public Refusal? ReadReplyTo(Chat chat, out int? messageId)
    {
        messageId = null;
        long? wanted = parameters.Long("reply_to_message_id");
        var withoutIt = parameters.Bool("allow_sending_without_reply");
        if (parameters.Text("reply_parameters") is { } json)
        {
            try
            {
                var reply = JsonSerializer.Deserialize<ReplyParameters>(json, Wire.Json);
                (wanted, withoutIt) = (reply?.MessageId, reply?.AllowSendingWithoutReply is true);
            }
            catch (JsonException)
            {
                return Refusal.BadRequest("can't parse reply parameters JSON object");
            }
        }

        if (wanted is null)
        {
            return null;
        }

        if (wanted is > 0 and <= int.MaxValue && chat.Find((int)wanted) is { } found)
        {
            messageId = found.Id;
            return null;
        }

        return withoutIt ? null : Refusal.BadRequest("message to be replied not found");
    }

    /// <summary>Sends a message: finds the chat, the reply and the buttons, which all kinds of messages share.</summary>
    /// <param name="create">Creates the message for its number.</param>
    public BotAnswer Send(Func<SentMessage, Message> create)
    {
        Debug.Assert(messenger.Lock.IsHeldByCurrentThread);
        if (FindOpenChat(out var chat) is { } closed)
        {
            return closed;
        }

        if (ReadReplyMarkup(out var markup) is { } badMarkup)
        {
            return badMarkup;
        }

        if (ReadReplyTo(chat, out var replyTo) is { } badReply)
        {
            return badReply;
        }

        var message = create(new SentMessage(bot.NextMessageId(), messenger.Now, markup, replyTo));
        chat.AddFromBot(message, markup);
        return BotAnswer.Of(Wire.Of(chat, message));
    }

    private sealed record ReplyParameters(long? MessageId, bool AllowSendingWithoutReply);
}

internal sealed record SentMessage(int Id, DateTimeOffset At, ReplyMarkup? Markup, int? ReplyToId)
{
    /// <summary>Whether it changes the keyboard below the input.</summary>
    public bool ChangesReplyKeyboard => Markup is { ChangesReplyKeyboard: true };
}
