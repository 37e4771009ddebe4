using Platform.Contracts;

namespace Platform.Sandbox.Telegram.BotApi.Methods;

/// <summary>A person's public profile, also before they have started the bot.</summary>
internal static class GetChat
{
    public static BotAnswer Handle(BotCall call) =>
        call.FindChat(out var chat) is { } refusal ? refusal : BotAnswer.Of(new ChatFullInfo(
            chat.Person.Id.Value,
            chat.Person.FirstName,
            chat.Person.LastName,
            chat.Person.Username,
            chat.Person.Username is { } username ? [username] : null,
            chat.PinnedMessageId is { } pinned && chat.Find(pinned) is { } message ? Wire.Of(chat, message) : null));

    private sealed record ChatFullInfo(
        long Id, string FirstName, string? LastName, string? Username, IReadOnlyList<string>? ActiveUsernames, WireMessage? PinnedMessage)
    {
        public string Type { get; } = "private";

        public int AccentColorId { get; }

        public int MaxReactionCount { get; } = 11;

        public AcceptedGiftTypes AcceptedGiftTypes { get; } = new();
    }

    private sealed record AcceptedGiftTypes(
        bool UnlimitedGifts = false, bool LimitedGifts = false, bool UniqueGifts = false, bool PremiumSubscription = false, bool GiftsFromChannels = false);
}

internal static class GetChatMember
{
    public static BotAnswer Handle(BotCall call)
    {
        if (call.FindChat(out var chat) is { } refusal)
        {
            return refusal;
        }

        var user = call.Parameters.Long("user_id") is { } id and > 0 ? new TelegramId(id) : (TelegramId?)null;
        return user switch
        {
            null => Refusal.BadRequest("invalid user_id specified"),
            _ when user == chat.Person.Id => BotAnswer.Of(new WireChatMember(Wire.Of(chat.Person), "member", UntilDate: null)),
            _ when user == chat.Bot.Id =>
                BotAnswer.Of(new WireChatMember(Wire.Of(chat.Bot), chat.Blocked ? "kicked" : "member", chat.Blocked ? 0 : null)),
            _ => Refusal.BadRequest("PARTICIPANT_ID_INVALID"),
        };
    }
}
