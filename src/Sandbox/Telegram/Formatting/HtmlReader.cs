using System.Globalization;
using System.Text;

namespace Platform.Sandbox.Telegram.Formatting;

/// <summary>The HTML of <c>parse_mode</c>, with Telegram's errors, whose offsets count UTF-8 bytes. See core.telegram.org/bots/api#html-style.</summary>
internal sealed class HtmlReader
{
    private readonly string _html;
    private readonly StringBuilder _text = new();
    private readonly List<TextEntity> _entities = [];
    private readonly Stack<OpenTag> _open = [];
    private int _at;

    private HtmlReader(string html) => _html = html;

    /// <param name="error">The reason in Telegram's words.</param>
    public static bool TryRead(string html, out FormattedText text, out string error)
    {
        var reader = new HtmlReader(html);
        var failure = reader.Read();
        error = failure ?? "";
        text = failure is null ? FormattedText.Of(reader._text.ToString(), reader._entities) : FormattedText.Plain("");
        return failure is null;
    }

    private string? Read()
    {
        while (_at < _html.Length)
        {
            var failure = _html[_at] switch
            {
                '<' when _at + 1 < _html.Length && _html[_at + 1] == '/' => ReadEndTag(),
                '<' => ReadStartTag(),
                '&' => ReadReference(),
                _ => ReadCharacter(),
            };
            if (failure is not null)
            {
                return failure;
            }
        }

        return _open.TryPeek(out var tag) ? $"Can't find end tag corresponding to start tag \"{tag.Name}\"" : null;
    }

    private string? ReadCharacter()
    {
        _text.Append(_html[_at++]);
        return null;
    }

    // &lt; &gt; &amp; &quot; and numbers. Anything else is text.
    private string? ReadReference()
    {
        var end = _html.IndexOf(';', _at, Math.Min(12, _html.Length - _at));
        var name = end < 0 ? "" : _html[(_at + 1)..end];
        var text = name switch
        {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "quot" => "\"",
            ['#', 'x' or 'X', .. var hex] when int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) => Character(code),
            ['#', .. var digits] when int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var code) => Character(code),
            _ => null,
        };
        _text.Append(text ?? "&");
        _at = text is null ? _at + 1 : end + 1;
        return null;

        static string? Character(int code) => code > 0 && Rune.IsValid(code) ? new Rune(code).ToString() : null;
    }

    private string? ReadStartTag()
    {
        var start = _at++;
        var name = ReadName();
        if (_at == _html.Length)
        {
            return $"Unclosed start tag at byte offset {Bytes(start)}";
        }

        if (TypeOf(name) is not { } type)
        {
            return $"Unsupported start tag \"{name}\" at byte offset {Bytes(start)}";
        }

        if (ReadAttributes(name, start, out var attributes) is { } failure)
        {
            return failure;
        }

        if (name == "span" && attributes.GetValueOrDefault("class") != "tg-spoiler")
        {
            return $"Tag \"span\" must have class \"tg-spoiler\" at byte offset {Bytes(start)}";
        }

        _open.Push(new OpenTag(name, type, _text.Length, attributes));
        return null;
    }

    /// <param name="attributes">Names in lower case; empty if without a value.</param>
    private string? ReadAttributes(string tag, int start, out Dictionary<string, string> attributes)
    {
        attributes = [];
        while (true)
        {
            SkipSpace();
            if (_at == _html.Length)
            {
                return $"Unclosed start tag \"{tag}\" at byte offset {Bytes(start)}";
            }

            if (_html[_at] == '>')
            {
                _at++;
                return null;
            }

            var nameStart = _at;
            while (_at < _html.Length && !char.IsWhiteSpace(_html[_at]) && _html[_at] is not ('=' or '>'))
            {
                _at++;
            }

            var name = _html[nameStart.._at].ToLowerInvariant();
            if (name.Length == 0)
            {
                return $"Empty attribute name in the tag \"{tag}\" at byte offset {Bytes(start)}";
            }

            SkipSpace();
            attributes[name] = "";
            if (_at < _html.Length && _html[_at] == '=')
            {
                _at++;
                SkipSpace();
                if (_at == _html.Length || ReadValue() is not { } value)
                {
                    return $"Unclosed start tag at byte offset {Bytes(start)}";
                }

                attributes[name] = value;
            }
        }
    }

    private string? ReadValue()
    {
        var quote = _html[_at] is '"' or '\'' ? _html[_at++] : '\0';
        var start = _at;
        while (_at < _html.Length && (quote == '\0' ? !char.IsWhiteSpace(_html[_at]) && _html[_at] != '>' : _html[_at] != quote))
        {
            _at++;
        }

        if (_at == _html.Length)
        {
            return null;
        }

        var value = new HtmlReader(_html[start.._at]).ReadReferencesOnly();
        _at += quote == '\0' ? 0 : 1;
        return value;
    }

    private string ReadReferencesOnly()
    {
        while (_at < _html.Length)
        {
            _ = _html[_at] == '&' ? ReadReference() : ReadCharacter();
        }

        return _text.ToString();
    }

    private string? ReadEndTag()
    {
        var start = _at;
        if (!_open.TryPop(out var open))
        {
            return $"Unexpected end tag at byte offset {Bytes(start)}";
        }

        _at += 2;
        var name = ReadName();
        SkipSpace();
        if (_at == _html.Length || _html[_at] != '>')
        {
            return $"Unclosed end tag at byte offset {Bytes(start)}";
        }

        if (name.Length > 0 && name != open.Name)
        {
            return $"Unmatched end tag at byte offset {Bytes(start)}, expected \"</{open.Name}>\", found \"</{name}>\"";
        }

        _at++;
        Close(open);
        return null;
    }

    private void Close(OpenTag tag)
    {
        var entity = new TextEntity(tag.Type, tag.Start, _text.Length - tag.Start);
        switch (tag.Type)
        {
            case TextEntity.TextLink:
                // Without href, the text is the address. An address that browsers do not open is not a link.
                var address = tag.Attributes.GetValueOrDefault("href") is { Length: > 0 } href ? href : _text.ToString(entity.Offset, entity.Length);
                if (Links.IsOpenable(address))
                {
                    _entities.Add(entity with { Url = address });
                }

                break;
            case TextEntity.Code when _open.TryPeek(out var outer) && outer.Type == TextEntity.Pre && LanguageOf(tag) is { } language:
                _entities.Add(entity with { Type = TextEntity.Pre, Language = language });
                break;
            case TextEntity.Pre when _entities.Contains(entity with { Language = _entities.LastOrDefault()?.Language }):
                // The <code> inside covers it and already has the language.
                break;
            case TextEntity.Blockquote when tag.Attributes.ContainsKey("expandable"):
                _entities.Add(entity with { Type = TextEntity.ExpandableBlockquote });
                break;
            default:
                _entities.Add(entity);
                break;
        }
    }

    private static string? LanguageOf(OpenTag code) =>
        code.Attributes.GetValueOrDefault("class") is ['l', 'a', 'n', 'g', 'u', 'a', 'g', 'e', '-', .. { Length: > 0 } language] ? language : null;

    private string ReadName()
    {
        var start = _at;
        while (_at < _html.Length && !char.IsWhiteSpace(_html[_at]) && _html[_at] != '>')
        {
            _at++;
        }

        return _html[start.._at].ToLowerInvariant();
    }

    private void SkipSpace()
    {
        while (_at < _html.Length && char.IsWhiteSpace(_html[_at]))
        {
            _at++;
        }
    }

    private string Bytes(int at) => Encoding.UTF8.GetByteCount(_html.AsSpan(0, at)).ToString(CultureInfo.InvariantCulture);

    private static string? TypeOf(string tag) => tag switch
    {
        "b" or "strong" => TextEntity.Bold,
        "i" or "em" => TextEntity.Italic,
        "u" or "ins" => TextEntity.Underline,
        "s" or "strike" or "del" => TextEntity.Strikethrough,
        "tg-spoiler" or "span" => TextEntity.Spoiler,
        "code" => TextEntity.Code,
        "pre" => TextEntity.Pre,
        "a" => TextEntity.TextLink,
        "blockquote" => TextEntity.Blockquote,
        _ => null,
    };

    private sealed record OpenTag(string Name, string Type, int Start, IReadOnlyDictionary<string, string> Attributes);
}
