using System.Net;
using System.Text;

namespace Platform.Sandbox.Telegram.Formatting;

/// <summary>Renders a text for a page. The output contains no tags but the ones below.</summary>
internal static class HtmlWriter
{
    public static string Write(FormattedText text)
    {
        var html = new StringBuilder();
        Write(html, text.Text, 0, text.Text.Length, new LinkedList<TextEntity>(text.Entities));
        return html.ToString();
    }

    // Outer entities come first. An inner one that reaches beyond its outer one is split and continued after it.
    private static void Write(StringBuilder html, string text, int from, int to, LinkedList<TextEntity> entities)
    {
        while (entities.First?.Value is { } entity)
        {
            entities.RemoveFirst();
            var end = Math.Min(entity.Offset + entity.Length, to);
            Encode(html, text[from..entity.Offset]);
            from = end;

            var inner = new LinkedList<TextEntity>();
            var rest = new LinkedList<TextEntity>();
            foreach (var next in entities)
            {
                if (next.Offset >= end)
                {
                    rest.AddLast(next);
                }
                else if (next.Offset + next.Length <= end)
                {
                    inner.AddLast(next);
                }
                else
                {
                    inner.AddLast(next with { Length = end - next.Offset });
                    rest.AddFirst(next with { Offset = end, Length = next.Offset + next.Length - end });
                }
            }

            var (open, close) = Tags(entity, text.Substring(entity.Offset, end - entity.Offset));
            html.Append(open);
            Write(html, text, entity.Offset, end, inner);
            html.Append(close);
            entities = rest;
        }

        Encode(html, text[from..to]);
    }

    private static (string Open, string Close) Tags(TextEntity entity, string text) => entity.Type switch
    {
        TextEntity.Bold => ("<b>", "</b>"),
        TextEntity.Italic => ("<i>", "</i>"),
        TextEntity.Underline => ("<u>", "</u>"),
        TextEntity.Strikethrough => ("<s>", "</s>"),
        TextEntity.Code => ("<code>", "</code>"),
        TextEntity.Pre => ("<pre>", "</pre>"),
        TextEntity.Spoiler => ("""<span class="spoiler" role="button" tabindex="0">""", "</span>"),
        TextEntity.Blockquote or TextEntity.ExpandableBlockquote => ("<blockquote>", "</blockquote>"),
        TextEntity.TextLink => Link(entity.Url!),
        FoundEntities.Url => Link(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}"),
        FoundEntities.Email => Link($"mailto:{text}"),
        // The page sends the command when clicked, like Telegram.
        FoundEntities.BotCommand => ($"""<a class="command" role="button" tabindex="0" data-command="{WebUtility.HtmlEncode(text)}">""", "</a>"),
        FoundEntities.Mention or FoundEntities.Hashtag => ("""<span class="mention">""", "</span>"),
        _ => ("", ""),
    };

    private static (string Open, string Close) Link(string address) => Links.IsOpenable(address)
        ? ($"""<a href="{WebUtility.HtmlEncode(address)}" target="_blank" rel="noopener noreferrer">""", "</a>")
        : ("", "");

    private static void Encode(StringBuilder html, string text)
    {
        // WebUtility.HtmlEncode would encode every emoji as a number.
        foreach (var character in text)
        {
            _ = character switch
            {
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                '&' => html.Append("&amp;"),
                '"' => html.Append("&quot;"),
                _ => html.Append(character),
            };
        }
    }
}
