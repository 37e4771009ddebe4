using System.Text.Json;
using Platform.Sandbox.Telegram.BotApi;

namespace Platform.Sandbox.Telegram.Formatting;

/// <param name="Entities">By offset, outer before inner.</param>
internal sealed record FormattedText(string Text, IReadOnlyList<TextEntity> Entities)
{
    /// <summary>Plain text with automatically detected entities: commands, links, mentions, hashtags.</summary>
    public static FormattedText Plain(string text) => new FormattedText(text, []).Trimmed().WithFound();

    /// <summary>Length in UTF-16 units, as Telegram counts; most emoji count as two.</summary>
    public int Length => Text.Length;

    public bool SameAs(FormattedText? other) => other is not null && Text == other.Text && Entities.SequenceEqual(other.Entities);

    /// <summary>Reads text with entities that the bot computed.</summary>
    public static bool TryReadEntities(string raw, string json, out FormattedText text)
    {
        text = new FormattedText(raw, []);
        try
        {
            var entities = JsonSerializer.Deserialize<List<TextEntity?>>(json, Wire.Json) ?? [];
            if (entities.Exists(entity => entity is null or { Type: null } or { Offset: < 0 } or { Length: < 0 }))
            {
                return false;
            }

            // Entities beyond the end are cut, unknown types dropped.
            text = Of(raw, entities.OfType<TextEntity>()
                .Where(entity => TextEntity.Types.Contains(entity.Type))
                .Select(entity => entity with { Length = (int)Math.Min(entity.Length, Math.Max(0, raw.Length - (long)entity.Offset)) }));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static FormattedText Of(string text, IEnumerable<TextEntity> entities) =>
        new FormattedText(text, Ordered(entities)).Trimmed().WithFound();

    private static IReadOnlyList<TextEntity> Ordered(IEnumerable<TextEntity> entities) =>
        [.. entities.Where(entity => entity.Length > 0).OrderBy(entity => entity.Offset).ThenByDescending(entity => entity.Length)];

    private FormattedText Trimmed()
    {
        var end = Text.TrimEnd().Length;
        var start = Text.Length - Text.TrimStart().Length;
        if (start >= end)
        {
            return new FormattedText("", []);
        }

        return start == 0 && end == Text.Length ? this : new FormattedText(Text[start..end], Ordered(
            from entity in Entities
            let first = Math.Max(entity.Offset, start)
            let last = Math.Min(entity.Offset + entity.Length, end)
            where first < last
            select entity with { Offset = first - start, Length = last - first }));
    }

    private FormattedText WithFound() => this with { Entities = Ordered([.. Entities, .. FoundEntities.In(Text, Entities)]) };
}

/// <param name="Offset">In UTF-16 units, like <paramref name="Length"/>.</param>
/// <param name="Url">Of a <c>text_link</c>.</param>
/// <param name="Language">Of a <c>pre</c>: the programming language.</param>
internal sealed record TextEntity(string Type, int Offset, int Length, string? Url = null, string? Language = null)
{
    public const string Bold = "bold";
    public const string Italic = "italic";
    public const string Underline = "underline";
    public const string Strikethrough = "strikethrough";
    public const string Spoiler = "spoiler";
    public const string Code = "code";
    public const string Pre = "pre";
    public const string TextLink = "text_link";
    public const string Blockquote = "blockquote";
    public const string ExpandableBlockquote = "expandable_blockquote";

    public static readonly IReadOnlySet<string> Types = new HashSet<string>(StringComparer.Ordinal)
    {
        Bold, Italic, Underline, Strikethrough, Spoiler, Code, Pre, TextLink, Blockquote, ExpandableBlockquote,
    };
}
