using System.Text.Json;

namespace Platform.Sandbox.Tests.BotApi;

/// <summary>HTML becomes text with entities, and safe HTML for the page.</summary>
public sealed class FormattingTests
{
    [Theory]
    [InlineData("<b>a</b><strong>b</strong>", "ab", "bold 0 1, bold 1 1")]
    [InlineData("<i>a</i> <em>b</em>", "a b", "italic 0 1, italic 2 1")]
    [InlineData("<u>a</u><ins>b</ins>", "ab", "underline 0 1, underline 1 1")]
    [InlineData("<s>a</s><strike>b</strike><del>c</del>", "abc", "strikethrough 0 1, strikethrough 1 1, strikethrough 2 1")]
    [InlineData("<tg-spoiler>a</tg-spoiler><span class=\"tg-spoiler\">b</span>", "ab", "spoiler 0 1, spoiler 1 1")]
    [InlineData("<code>a &lt; b</code>", "a < b", "code 0 5")]
    [InlineData("<pre>x</pre>", "x", "pre 0 1")]
    [InlineData("<pre><code class=\"language-cs\">var x;</code></pre>", "var x;", "pre 0 6 cs")]
    [InlineData("<a href=\"https://example.org/?a=1&amp;b=2\">here</a>", "here", "text_link 0 4 https://example.org/?a=1&b=2")]
    [InlineData("<a href='javascript:alert(1)'>here</a>", "here", "")]
    [InlineData("<blockquote>a</blockquote><blockquote expandable>b</blockquote>", "ab", "blockquote 0 1, expandable_blockquote 1 1")]
    [InlineData("<B>a<I>b</I></B>", "ab", "bold 0 2, italic 1 1")]
    [InlineData("🎉<b>x</b>", "🎉x", "bold 2 1")]
    [InlineData("  <b> a </b>  ", "a", "bold 0 1")]
    [InlineData("&lt;&gt;&amp;&quot;&#1071;&#x42F;&nbsp;&", "<>&\"ЯЯ&nbsp;&", "")]
    [InlineData("a > b", "a > b", "")]
    [InlineData("Code: /code, see https://example.org/a. Mail a@b.ru, @anna #one", "Code: /code, see https://example.org/a. Mail a@b.ru, @anna #one",
        "bot_command 6 5, url 17 21, email 45 6, mention 53 5, hashtag 59 4")]
    [InlineData("<code>/code @anna</code>", "/code @anna", "code 0 11")]
    public async Task Tags_become_entities(string html, string text, string entities)
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        var sent = await sandbox.Bot.SendMessage(anna.Id, html, parseMode: "Html");

        sent.GetProperty("text").GetString().ShouldBe(text);
        Entities(sent).ShouldBe(entities);
    }

    [Theory]
    [InlineData("<p>a</p>", "Unsupported start tag \"p\" at byte offset 0")]
    [InlineData("я < 3", "Unsupported start tag \"\" at byte offset 3")]
    [InlineData("я <3", "Unclosed start tag at byte offset 3")]
    [InlineData("a <3 b> c", "Unsupported start tag \"3\" at byte offset 2")]
    [InlineData("<b>a", "Can't find end tag corresponding to start tag \"b\"")]
    [InlineData("a</b>", "Unexpected end tag at byte offset 1")]
    [InlineData("<b>я</i>", "Unmatched end tag at byte offset 5, expected \"</b>\", found \"</i>\"")]
    [InlineData("<b>a</b", "Unclosed end tag at byte offset 4")]
    [InlineData("<a href=\"x", "Unclosed start tag at byte offset 0")]
    [InlineData("<span>a</span>", "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0")]
    public async Task Invalid_HTML_is_refused_with_Telegrams_error(string html, string error)
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        var refused = await sandbox.Bot.Call("sendMessage", new { chat_id = anna.Id, text = html, parse_mode = "HTML" });

        refused.ShouldBeRefused(400, $"Bad Request: can't parse entities: {error}");
    }

    [Fact]
    public async Task Tags_are_plain_text_without_parse_mode()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        var sent = await sandbox.Bot.SendMessage(anna.Id, "<b>a</b>");

        sent.GetProperty("text").GetString().ShouldBe("<b>a</b>");
        (await anna.LastMessage()).GetProperty("html").GetString().ShouldBe("&lt;b&gt;a&lt;/b&gt;");
        (await sandbox.Bot.Call("sendMessage", new { chat_id = anna.Id, text = "*a*", parse_mode = "MarkdownV2" })).Status.ShouldBe(400);
        (await sandbox.Bot.Call("sendMessage", new { chat_id = anna.Id, text = "a", parse_mode = "word" }))
            .ShouldBeRefused(400, "Bad Request: unsupported parse_mode");
    }

    [Fact]
    public async Task Entities_may_replace_tags_and_are_cut_to_the_text()
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        var sent = (await sandbox.Bot.Call("sendMessage", new
        {
            chat_id = anna.Id,
            text = "abcdef",
            entities = new object[]
            {
                new { type = "italic", offset = 2, length = 900 },
                new { type = "bold", offset = 0, length = 4 },
                new { type = "code", offset = 900, length = 1 },
                new { type = "unheard_of", offset = 0, length = 1 },
            },
        })).Result;

        Entities(sent).ShouldBe("bold 0 4, italic 2 4");
        (await anna.LastMessage()).GetProperty("html").GetString().ShouldBe("<b>ab<i>cd</i></b><i>ef</i>");
        var negative = new[] { new { type = "bold", offset = -1, length = 1 } };
        (await sandbox.Bot.Call("sendMessage", new { chat_id = anna.Id, text = "a", entities = negative })).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("<b>a <i>b</i></b> &lt;script&gt;", "<b>a <i>b</i></b> &lt;script&gt;")]
    [InlineData("<a href=\"https://example.org/&quot;onclick=&quot;x\">a</a>",
        """<a href="https://example.org/&quot;onclick=&quot;x" target="_blank" rel="noopener noreferrer">a</a>""")]
    [InlineData("example.org", """<a href="http://example.org" target="_blank" rel="noopener noreferrer">example.org</a>""")]
    [InlineData("/code", """<a class="command" role="button" tabindex="0" data-command="/code">/code</a>""")]
    public async Task The_page_gets_only_the_formatting_tags(string html, string shown)
    {
        await using var sandbox = await SandboxUnderTest.Start();
        var anna = await sandbox.Started(SandboxUnderTest.Anna);

        await sandbox.Bot.SendMessage(anna.Id, html, parseMode: "HTML");

        (await anna.LastMessage()).GetProperty("html").GetString().ShouldBe(shown);
    }

    private static string Entities(JsonElement message) => message.TryGetProperty("entities", out var entities)
        ? string.Join(", ", entities.EnumerateArray()
            .Select(entity => string.Join(' ', entity.EnumerateObject().Select(field => field.Value.ToString()))))
        : "";
}
