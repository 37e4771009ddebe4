using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Bots.Storage;
using Platform.ServiceDefaults.Web;

namespace Platform.Bots.Conversations;

/// <summary>Everything that the bots store about the caller: the state of their conversations, and messages that could not be answered.</summary>
internal static class ExportMyData
{
    /// <param name="Unreadable">Updates that could not be parsed or stored.</param>
    public sealed record Response(IReadOnlyList<Conversation> Chats, IReadOnlyList<Sent> Unreadable);

    /// <param name="Content">With U+FFFD for invalid characters.</param>
    public sealed record Sent(string Bot, string Content, DateTimeOffset ReceivedAt);

    /// <param name="Bot">Such as <c>client</c>.</param>
    /// <param name="Form">The answers so far in an unfinished dialogue.</param>
    /// <param name="FailedUpdate">As Telegram sent it: stored until the next update, for the button "try again".</param>
    public sealed record Conversation(
        string Bot, string Language, JsonElement? Form, JsonElement? FailedUpdate, DateTimeOffset StartedAt, DateTimeOffset UpdatedAt);

    public static void Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithSummary("Everything that is stored here about the caller")
        .WithExample(request: null, new Response([new(
            "client", "ru", Form: null, FailedUpdate: null,
            new DateTimeOffset(2026, 1, 15, 9, 30, 0, TimeSpan.Zero), new DateTimeOffset(2026, 1, 15, 9, 31, 0, TimeSpan.Zero))], []));

    public static async Task<Ok<Response>> Handle(Caller caller, BotsDb db, Quarantine quarantine, CancellationToken ct)
    {
        // The bots know people by Telegram id only, which tokens issued to a bot contain.
        var chats = await db.Chats
            .Where(chat => chat.TelegramId == caller.TelegramId)
            .OrderBy(chat => chat.Bot)
            .Select(chat => new { chat.Bot, chat.Language, chat.Form, chat.FailedUpdate, chat.StartedAt, chat.UpdatedAt })
            .ToListAsync(ct);
        var unreadable = caller.TelegramId is { } person ? await quarantine.GetFor(person, ct) : [];
        return TypedResults.Ok(new Response(
            [.. chats.Select(chat => new Conversation(chat.Bot, chat.Language, Json(chat.Form), Json(chat.FailedUpdate), chat.StartedAt, chat.UpdatedAt))],
            [.. unreadable.Select(sent => new Sent(sent.Bot, Encoding.UTF8.GetString(sent.Content), sent.ReceivedAt))]));
    }

    private static JsonElement? Json(string? stored) => stored is null ? null : JsonSerializer.Deserialize<JsonElement>(stored);
}
