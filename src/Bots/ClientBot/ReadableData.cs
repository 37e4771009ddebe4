using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Bots.Texts;
using Platform.ServiceDefaults.Time;

namespace Platform.Bots.ClientBot;

/// <summary>A guest's export as readable text in their language, without empty fields. The JSON beside it is complete.</summary>
internal sealed class ReadableData(string language, BusinessClock wall)
{
    private readonly StringBuilder _text = new();

    public static string Of(JsonNode export, string language, BusinessClock wall)
    {
        var readable = new ReadableData(language, wall);
        readable.Write(export["services"] ?? export, depth: 0);
        return readable._text.ToString().Trim() + "\n";
    }

    private void Write(JsonNode node, int depth)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields.Where(field => field.Value is not null && !IsEmpty(field.Value)))
                {
                    WriteField(BotText.Word(language, "data.label", name), value!, depth);
                }

                break;
            case JsonArray items:
                foreach (var item in items.OfType<JsonNode>())
                {
                    if (item is JsonValue)
                    {
                        Line(depth, $"– {Written(item)}");
                    }
                    else
                    {
                        Write(item, depth);
                        _text.AppendLine();
                    }
                }

                break;
            default:
                Line(depth, Written(node));
                break;
        }
    }

    private void WriteField(string label, JsonNode value, int depth)
    {
        if (value is JsonValue)
        {
            Line(depth, $"{label}: {Written(value)}");
            return;
        }

        if (depth == 0)
        {
            _text.AppendLine().AppendLine(label.ToUpperInvariant());
        }
        else
        {
            Line(depth, $"{label}:");
        }

        Write(value, depth + 1);
    }

    private void Line(int depth, string text) => _text.Append(' ', depth * 2).AppendLine(text);

    private string Written(JsonNode value)
    {
        if (value.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
        {
            return BotText.Plain(language, value.GetValue<bool>() ? "data.yes" : "data.no");
        }

        var text = value.ToString();
        return text is [_, _, _, _, '-', _, _, '-', _, _, 'T', ..]
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? string.Create(CultureInfo.InvariantCulture, $"{wall.DayOf(moment):dd.MM.yyyy} {wall.TimeOf(moment):HH:mm}")
            : text;
    }

    private static bool IsEmpty(JsonNode value) => value switch
    {
        JsonObject fields => fields.All(field => field.Value is null || IsEmpty(field.Value)),
        JsonArray items => items.Count == 0,
        _ => value.ToString().Length == 0,
    };
}
