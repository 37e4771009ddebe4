using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Bots.Conversations;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>Buttons under a list that is read page by page.</summary>
internal static class Pages
{
    /// <returns>Of the page that was asked for with this button; empty for the first, and when no such button was pressed.</returns>
    public static string CursorOf(Turn turn, string button) => turn.Input.Button == button ? turn.Input.Argument : "";

    /// <param name="button">The page's button, whose argument is a cursor.</param>
    /// <param name="cursor">Of the shown page; empty for the first.</param>
    /// <returns>One row, or none when the list fits on a page.</returns>
    public static IEnumerable<InlineKeyboardButton[]> Buttons(Turn turn, string button, string cursor, Cursor? next)
    {
        InlineKeyboardButton[] row =
        [
            .. cursor.Length == 0 ? (InlineKeyboardButton[])[] : [turn.Texts.Button("button.latest", button)],
            .. next is null ? (InlineKeyboardButton[])[] : [turn.Texts.Button("button.earlier", $"{button}:{next.Text}")],
        ];
        return row.Length == 0 ? [] : [row];
    }
}

/// <summary>Where the next page of a list begins. Some lists have a number, others a text.</summary>
[JsonConverter(typeof(CursorJsonConverter))]
internal sealed record Cursor(string Text);

internal sealed class CursorJsonConverter : JsonConverter<Cursor>
{
    public override Cursor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonElement.ParseValue(ref reader).ToString());

    public override void Write(Utf8JsonWriter writer, Cursor value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
