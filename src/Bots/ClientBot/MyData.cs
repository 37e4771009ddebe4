using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts.Users;
using Platform.ServiceDefaults.Web;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

internal static class MyData
{
    public const string Open = "data.open";
    public const string Export = "data.export";
    public const string Delete = "data.delete";
    public const string ConfirmDelete = "data.delete_sure";
    public const string CancelDelete = "data.delete_keep";

    /// <summary>A second confirmation, by typing a word: no one must be erased by a slip of the thumb.</summary>
    public const string Word = "data.delete_word";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        try
        {
            // Forbidden for people who have not registered, who are led to the registration.
            await turn.Gateway.Get<Me>("/api/users/me", ct);
        }
        // Blocked people may still get and delete their data.
        catch (GatewayRefusedException refused) when (refused.Is(PlatformErrors.UserBlocked))
        {
        }

        turn.Chat.Finish();
        await turn.Reply.Say(
            "data", new InlineKeyboardMarkup([[turn.Texts.Button("button.export", Export)], [turn.Texts.Button("button.delete", Delete)]]), ct);
    }

    public static async Task SendExport(Turn turn, CancellationToken ct)
    {
        byte[] export;
        try
        {
            export = await turn.Gateway.GetBytes("/api/users/me/export", ct);
        }
        // A service does not answer, and an incomplete file would look complete.
        catch (GatewayUnavailableException)
        {
            await turn.Reply.Say("data.export_incomplete", new InlineKeyboardMarkup(turn.Texts.Button("button.try_again", Export)), ct);
            return;
        }

        var day = turn.Wall.DayOf(turn.Now).ToString("O", CultureInfo.InvariantCulture);
        var data = JsonNode.Parse(export)!;
        var readable = ReadableData.Of(data, turn.Chat.Language, turn.Wall);
        await turn.Reply.SendDocument(Encoding.UTF8.GetBytes(readable), $"my-data-{day}.txt", "data.exported", ct);
        await turn.Reply.SendDocument(JsonSerializer.SerializeToUtf8Bytes(data, Indented), $"my-data-{day}.json", "data.exported_json", ct);
    }

    public static async Task AskToConfirm(Turn turn, CancellationToken ct)
    {
        await turn.Reply.RemoveButtons(ct);
        var (confirm, cancel) = (turn.Texts.Button("button.delete_sure", ConfirmDelete), turn.Texts.Button("button.delete_keep", CancelDelete));
        await turn.Reply.Say("data.delete", new InlineKeyboardMarkup([[confirm], [cancel]]), ct);
    }

    public static Task KeepData(Turn turn, CancellationToken ct) => turn.Reply.Replace("data.kept", keyboard: null, ct);

    public static async Task AskWord(Turn turn, CancellationToken ct)
    {
        await turn.Reply.RemoveButtons(ct);
        await turn.Reply.Ask(
            Word, form: null, "data.delete_word", turn.Texts.Keyboard(oneTime: true, "menu.cancel"), ct, ("word", turn.Texts.Label("data.word")));
    }

    public static async Task ReadWord(Turn turn, CancellationToken ct)
    {
        if (!string.Equals(turn.Input.Text, turn.Texts.Label("data.word"), StringComparison.OrdinalIgnoreCase))
        {
            turn.Chat.Finish();
            await turn.Reply.Say("data.kept", Welcome.Menu(turn), ct);
            return;
        }

        try
        {
            await turn.Gateway.Delete("/api/users/me", ct);
        }
        // Already erased, before a restart.
        catch (GatewayRefusedException refused) when (
            refused.Is(PlatformErrors.Forbidden, PlatformErrors.Unauthenticated, UsersErrors.UserNotFound))
        {
        }

        turn.Gateway.InvalidateToken();
        await turn.Reply.Say("data.deleted", new ReplyKeyboardRemove(), ct);
        turn.Db.Remove(turn.Chat);
    }
}
