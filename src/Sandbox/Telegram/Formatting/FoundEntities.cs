using System.Text.RegularExpressions;

namespace Platform.Sandbox.Telegram.Formatting;

/// <summary>Entities that Telegram detects by itself.</summary>
internal static partial class FoundEntities
{
    public const string BotCommand = "bot_command";
    public const string Mention = "mention";
    public const string Hashtag = "hashtag";
    public const string Email = "email";
    public const string Url = "url";

    private static readonly (Regex Pattern, string Type)[] Kinds =
    [
        (UrlPattern(), Url),
        (EmailPattern(), Email),
        (CommandPattern(), BotCommand),
        (MentionPattern(), Mention),
        (HashtagPattern(), Hashtag),
    ];

    /// <summary>Skips code and links.</summary>
    public static IReadOnlyList<TextEntity> In(string text, IReadOnlyList<TextEntity> marked)
    {
        var found = new List<TextEntity>();
        foreach (var (pattern, type) in Kinds)
        {
            foreach (var match in pattern.EnumerateMatches(text))
            {
                var entity = new TextEntity(type, match.Index, match.Length);
                if (!found.Exists(other => Overlap(other, entity))
                    && !marked.Any(other => other.Type is TextEntity.Code or TextEntity.Pre or TextEntity.TextLink && Overlap(other, entity)))
                {
                    found.Add(entity);
                }
            }
        }

        return found;
    }

    private static bool Overlap(TextEntity one, TextEntity other) =>
        one.Offset < other.Offset + other.Length && other.Offset < one.Offset + one.Length;

    [GeneratedRegex(@"(?<![\w@/])(?:https?://[^\s<>""']{1,2000}[^\s<>""'.,;:!?()\]]|(?:[a-z0-9-]{1,63}\.){1,5}(?:com|org|net|ru|me|io|app|dev|рф)(?:/[^\s<>""']{0,500}[^\s<>""'.,;:!?()\]])?(?![\w.]))", RegexOptions.IgnoreCase)]
    private static partial Regex UrlPattern();

    [GeneratedRegex(@"(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,16}(?!\w)", RegexOptions.IgnoreCase)]
    private static partial Regex EmailPattern();

    [GeneratedRegex(@"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")]
    private static partial Regex CommandPattern();

    [GeneratedRegex(@"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")]
    private static partial Regex MentionPattern();

    [GeneratedRegex(@"(?<![\w#&])#\w{0,64}\p{L}\w{0,64}")]
    private static partial Regex HashtagPattern();
}
