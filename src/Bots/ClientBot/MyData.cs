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

/// <summary>All that is kept of a guest: they get it as files, or have it erased.</summary>
internal static class MyData
{
    public const string Open = "data.open";
    public const string Export = "data.export";
    public const string Delete = "data.delete";
    public const string Sure = "data.delete_sure";
    public const string Keep = "data.delete_keep";

    /// <summary>The question that is answered with a word: nobody is erased by a slip of the thumb.</summary>
    public const string Word = "data.delete_word";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        try
        {
            // Of whoever is no guest there is nothing to show: they are led to registration.
            await turn.Gateway.Get<Me>("/api/users/me", ct);
        }
        // Their data is theirs all the same.
        catch (GatewayRefusedException refused) when (refused.Code == PlatformErrors.UserBlocked.Code)
        {
        }

        turn.Chat.Finish();
        await turn.Say("data", new InlineKeyboardMarkup([[turn.Pressable("button.export", Export)], [turn.Pressable("button.delete", Delete)]]), ct);
    }

    public static async Task SendAll(Turn turn, CancellationToken ct)
    {
        byte[] export;
        try
        {
            export = await turn.Gateway.GetBytes("/api/users/me/export", ct);
        }
        // A part of the platform does not answer, and half of their data would look like all of it.
        catch (GatewayAwayException)
        {
            await turn.Say("data.export_incomplete", new InlineKeyboardMarkup(turn.Pressable("button.try_again", Export)), ct);
            return;
        }

        var day = turn.Wall.DayOf(turn.Now).ToString("O", CultureInfo.InvariantCulture);
        var data = JsonNode.Parse(export)!;
        await turn.SayDocument(Encoding.UTF8.GetBytes(ReadableData.Of(data, turn.Chat.Language, turn.Wall)), $"my-data-{day}.txt", "data.exported", ct);
        await turn.SayDocument(JsonSerializer.SerializeToUtf8Bytes(data, Indented), $"my-data-{day}.json", "data.exported_json", ct);
    }

    public static async Task AskWhether(Turn turn, CancellationToken ct)
    {
        await turn.TakeButtons(ct);
        await turn.Say("data.delete", new InlineKeyboardMarkup([[turn.Pressable("button.delete_sure", Sure)], [turn.Pressable("button.delete_keep", Keep)]]), ct);
    }

    public static Task LeaveIt(Turn turn, CancellationToken ct) => turn.Replace("data.kept", keyboard: null, ct);

    public static async Task AskWord(Turn turn, CancellationToken ct)
    {
        await turn.TakeButtons(ct);
        await turn.Ask(
            Word, form: null, "data.delete_word", new ReplyKeyboardMarkup(new KeyboardButton(turn.Label("menu.cancel"))) { ResizeKeyboard = true, OneTimeKeyboard = true },
            ct, ("word", turn.Label("data.word")));
    }

    public static async Task TakeWord(Turn turn, CancellationToken ct)
    {
        if (!string.Equals(turn.Text, turn.Label("data.word"), StringComparison.OrdinalIgnoreCase))
        {
            turn.Chat.Finish();
            await turn.Say("data.kept", Welcome.Menu(turn), ct);
            return;
        }

        try
        {
            await turn.Gateway.Delete("/api/users/me", ct);
        }
        // It was done before a restart, and nobody is left whom to erase.
        catch (GatewayRefusedException refused) when (
            refused.Code == PlatformErrors.Forbidden.Code || refused.Code == PlatformErrors.Unauthenticated.Code || refused.Code == UsersErrors.UserNotFound.Code)
        {
        }

        turn.Gateway.ForgetSession();
        await turn.Say("data.deleted", new ReplyKeyboardRemove(), ct);
        turn.Db.Remove(turn.Chat);
    }
}
