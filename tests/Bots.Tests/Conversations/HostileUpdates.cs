using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Bots.Tests.Conversations;

/// <summary>What the bots do with an update.</summary>
internal enum Fate
{
    Handled,

    /// <summary>Of another kind, or not in a private chat.</summary>
    Ignored,

    /// <summary>It cannot be parsed or stored.</summary>
    Quarantined,
}

/// <summary>An update that a modified client, or a fault in Telegram, might send.</summary>
/// <param name="Json">With {id} for its number and {person} for the sender; ⟦80⟧ stands for a byte that is not UTF-8.</param>
internal sealed partial record HostileUpdate(string Json, Fate Fate)
{
    /// <summary>Whether it has a number, so that it can be confirmed.</summary>
    public bool HasNumber => Json.Contains("\"update_id\":{id}", StringComparison.Ordinal);

    public byte[] Bytes(long id, long person)
    {
        var text = Json.Replace("{id}", id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{person}", person.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var bytes = new List<byte>();
        var last = 0;
        foreach (Match raw in RawByte().Matches(text))
        {
            bytes.AddRange(Encoding.UTF8.GetBytes(text[last..raw.Index]));
            bytes.Add(byte.Parse(raw.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            last = raw.Index + raw.Length;
        }

        bytes.AddRange(Encoding.UTF8.GetBytes(text[last..]));
        return [.. bytes];
    }

    [GeneratedRegex("⟦([0-9a-f]{2})⟧")]
    private static partial Regex RawByte();
}

/// <summary>Test cases. Each arrives between updates of other people, who must not notice.</summary>
internal static class HostileUpdates
{
    private const string Chat = """{"id":{person},"type":"private","first_name":"Eve"}""";
    private const string From = """{"id":{person},"is_bot":false,"first_name":"Eve","language_code":"en"}""";

    public static IReadOnlyList<HostileUpdate> All { get; } =
    [
        // Strings that the sender chooses.
        .. Strings.SelectMany(text => (HostileUpdate[])
        [
            Text(text),
            Press($"\"data\":\"{text}\""),
            Message($"\"contact\":{{\"phone_number\":\"{text}\",\"first_name\":\"{text}\",\"user_id\":{{person}}}}"),
            new($$$$"""{"update_id":{id},"message":{"message_id":5,"date":1764300000,"chat":{{{{Chat}}}},"from":{"id":{person},"is_bot":false,"first_name":"{{{{text}}}}","username":"{{{{text}}}}","language_code":"{{{{text}}}}"},"text":"/start"}}""", Fate.Handled),
        ]),

        // Not an object, or without a number.
        .. Json("null", "5", "-1.5e300", "\"x\"", "\"⟦80⟧\"", "true", "[]", "[[[]]]", "{}", """{"message":{}}""",
            $$$$"""{"message":{"chat":{{{{Chat}}}},"from":{{{{From}}}},"text":"no number"}}""")
            .Select(json => new HostileUpdate(json, Fate.Quarantined)),
        .. Json("1.5", "\"7\"", "-5", "0", "99999999999999999999", "1e3", "null", "true", "[7]", "{}")
            .Select(number => new HostileUpdate($$$$"""{"update_id":{{{{number}}}},"message":{"message_id":5,"date":1764300000,"chat":{{{{Chat}}}},"from":{{{{From}}}},"text":"x"}}""", Fate.Quarantined)),

        // Kinds that the bots do not ask for, known and unknown.
        new("""{"update_id":{id}}""", Fate.Ignored),
        .. Json("\"telepathy\":{\"from\":\"afar\"}", "\"telepathy\":5", "\"telepathy\":null", "\"poll_answer\":null", "\"message\":null",
            "\"callback_query\":null", "\"my_chat_member\":null", "\"edited_message\":null", "\"\":\"\"", "\"\\u0000\":1")
            .Select(content => new HostileUpdate($"{{\"update_id\":{{id}},{content}}}", Fate.Ignored)),
        new($$$$"""{"update_id":{id},"edited_message":{"message_id":5,"date":1764300000,"edit_date":1764300001,"chat":{{{{Chat}}}},"from":{{{{From}}}},"location":{"latitude":1.5,"longitude":2.5}}}""", Fate.Ignored),
        new($$$$"""{"update_id":{id},"callback_query":{"id":"7","from":{{{{From}}}},"chat_instance":"1","inline_message_id":"1","data":"x"}}""", Fate.Ignored),
        .. Json("group", "supergroup", "channel")
            .Select(type => Message("\"text\":\"x\"", chat: $$$$"""{"id":-100,"type":"{{{{type}}}}","title":"x"}""", fate: Fate.Ignored)),

        // Values of the wrong type.
        .. Json("5", "\"x\"", "[]", "[{}]", "true").SelectMany(value => Json("message", "callback_query", "my_chat_member", "edited_message")
            .Select(kind => new HostileUpdate($"{{\"update_id\":{{id}},\"{kind}\":{value}}}", Fate.Quarantined))),
        .. Json("5", "\"x\"", "[]", "null", "true", """{"id":"5","type":"private"}""", """{"id":1.5,"type":"private"}""",
            """{"id":99999999999999999999,"type":"private"}""", """{"id":null,"type":"private"}""", """{"id":{},"type":"private"}""",
            """{"id":-7,"type":"private"}""", """{"id":0,"type":"private"}""", """{"type":"private"}""",
            """{"id":9223372036854775807,"type":"private"}""", """{"id":-9223372036854775808,"type":"private"}""")
            .Select(chat => Message("\"text\":\"x\"", chat, fate: Fate.Quarantined)),
        .. Json("5", "\"x\"", "[]", "null", "{}", """{"id":"5","is_bot":false,"first_name":"x"}""",
            """{"id":1.5,"is_bot":false,"first_name":"x"}""", """{"id":99999999999999999999,"is_bot":false,"first_name":"x"}""",
            """{"id":6,"is_bot":false,"first_name":"someone else"}""", """{"id":{person},"is_bot":"no","first_name":"x"}""",
            """{"id":{person},"is_bot":false,"first_name":5}""", """{"id":{person},"is_bot":false,"first_name":[]}""",
            """{"id":{person},"is_bot":false,"first_name":"x","language_code":{}}""")
            .Select(from => Message("\"text\":\"x\"", from: from, fate: Fate.Quarantined)),
        .. Json("-1", "1e18", "\"x\"", "[]", "{}", "1.5", "999999999999", "253402300800", "9223372036854775807", "99999999999999999999")
            .Select(date => new HostileUpdate(
                $$$$"""{"update_id":{id},"message":{"message_id":5,"date":{{{{date}}}},"chat":{{{{Chat}}}},"from":{{{{From}}}},"text":"x"}}""",
                Fate.Quarantined)),
        .. Json("5", "[]", "{}", "true", "1e999").Select(text => Message($"\"text\":{text}", fate: Fate.Quarantined)),
        .. Json("5", "[5]", "{}", "\"x\"", "[{\"type\":5}]", "[{\"type\":\"bold\",\"offset\":1e99,\"length\":1}]",
            "[{\"type\":\"bold\",\"offset\":1.5,\"length\":1}]")
            .Select(entities => Message($"\"text\":\"x\",\"entities\":{entities}", fate: Fate.Quarantined)),
        .. Json("5", "[]", "{\"phone_number\":5}", "\"x\"", "{\"phone_number\":\"1\",\"user_id\":\"x\"}")
            .Select(contact => Message($"\"contact\":{contact}", fate: Fate.Quarantined)),
        .. Json("5", "[]", "{}", "true").Select(data => Press($"\"data\":{data}", Fate.Quarantined)),
        Message("\"message_id\":99999999999999999999,\"text\":\"x\"", fate: Fate.Quarantined),
        Message("\"message_id\":1.5,\"text\":\"x\"", fate: Fate.Quarantined),
        new($$$$"""{"update_id":{id},"my_chat_member":{"chat":{{{{Chat}}}},"from":{{{{From}}}},"date":1764300000}}""", Fate.Quarantined),
        new($$$$"""{"update_id":{id},"my_chat_member":{"chat":{{{{Chat}}}},"from":{{{{From}}}},"date":1764300000,"old_chat_member":5,"new_chat_member":[]}}""", Fate.Quarantined),

        // Missing, repeated or unexpected fields.
        Message("\"text\":null", fate: Fate.Handled),
        Message("\"text\":\"\"", fate: Fate.Handled),
        Message("\"text\":\"/\"", fate: Fate.Handled),
        Message("\"text\":\"one\",\"text\":\"two\"", fate: Fate.Handled),
        Message("\"text\":\"x\",\"unheard_of\":{\"deep\":[[[1,2,{\"x\":null}]]]}", fate: Fate.Handled),
        Message("\"text\":\"x\",\"unheard_of\":1e400", fate: Fate.Handled),
        Press("\"game_short_name\":\"x\""),
        Press("\"data\":null"),
        Press("\"data\":\"\""),
        Press("\"data\":\":\""),
        Press("\"data\":\"again:\""),
        Press("\"data\":\"again:99999999999999999999\""),
        Press("\"data\":\"order.spend:-1\""),
        Press("\"data\":\"undo.sure:99999999999999999999\""),
        new($$$$"""{"update_id":{id},"callback_query":{"id":"7","from":{{{{From}}}},"chat_instance":"1","data":"x","message":{"message_id":5,"date":0,"chat":{{{{Chat}}}}}}}""", Fate.Handled),
        new($$$$"""{"update_id":{id},"edited_message":{"message_id":5,"date":1764300000,"edit_date":1764300001,"chat":{{{{Chat}}}},"from":{{{{From}}}},"text":"a\u0000b⟦80⟧"}}""", Fate.Handled),

        // Deep nesting.
        Message($"\"text\":\"x\",\"unheard_of\":{Nested(200)}", fate: Fate.Quarantined),
        Message($"\"text\":\"x\",\"unheard_of\":{Nested(20_000)}", fate: Fate.Quarantined),
        Message($"\"text\":\"x\",\"reply_to_message\":{Replies(80)}", fate: Fate.Quarantined),
        new($"{{\"update_id\":{{id}},\"telepathy\":{Nested(5_000)}}}", Fate.Quarantined),

        // Invalid JSON: the whole answer cannot be split.
        .. Json("\"text\":\"a⟦00⟧b\"", "\"text\":\"a⟦0a⟧b\"", "\"text\":\"a⟦1f⟧b\"", "\"text\":\"\\x\"", "\"text\":\"\\u12\"",
            "\"text\":\"x\",", "\"text\":'x'", "\"text\":NaN", "\"text\":undefined", "\"text\":01", "text:\"x\"", "\"text\":\"x\"/* comment */",
            "\"text\":\"unclosed", "\"text\":[", "\"text\":{", "\"text\":⟦80⟧", "⟦ff⟧⟦fe⟧", "\"text\":\"x\"}}]}")
            .Select(broken => new HostileUpdate($"{{\"update_id\":{{id}},\"message\":{{{broken}}}}}", Fate.Quarantined)),
    ];

    private static IEnumerable<string> Strings =>
    [
        "\\u0000", "a\\u0000b", "/start\\u0000", "/start \\u0000", string.Concat(Enumerable.Repeat("\\u0000", 64)), "\\\\u0000", "\\\\\\u0000",
        "⟦80⟧", "a⟦ff⟧b", "⟦c0⟧⟦80⟧", "⟦e0⟧⟦80⟧⟦af⟧", "⟦f0⟧⟦80⟧⟦80⟧⟦af⟧", "⟦e2⟧⟦82⟧", "⟦ed⟧⟦a0⟧⟦80⟧", "⟦ed⟧⟦a0⟧⟦bd⟧⟦ed⟧⟦b8⟧⟦80⟧",
        "⟦f4⟧⟦90⟧⟦80⟧⟦80⟧", "⟦f8⟧⟦88⟧⟦80⟧⟦80⟧⟦80⟧", "⟦d0⟧",
        "\\ud83d", "\\ude00", "\\ude00\\ud83d", "\\ud83dx", "\\ud83d\\ud83d\\ude00", "\\uDBFF\\uE000", "\\ud83d\\u0000",
        "\\uffff\\ufffe", "\\ufeff", "\\u202e\\u2066", "\\u0085\\u009b", "\\u0001\\u001f\\u007f", "'; drop table bots.updates; --",
        "{0}{code}%s%n", "<b>&<script>",
        new string('x', 200_000), string.Concat(Enumerable.Repeat("e\\u0301", 2_000)),
    ];

    private static string[] Json(params string[] values) => values;

    private static HostileUpdate Text(string text) => Message($"\"text\":\"{text}\"", fate: Fate.Handled);

    private static HostileUpdate Message(string content, string chat = Chat, string from = From, Fate fate = Fate.Handled) =>
        new($$$$"""{"update_id":{id},"message":{"message_id":5,"date":1764300000,"chat":{{{{chat}}}},"from":{{{{from}}}},{{{{content}}}}}}""", fate);

    private static HostileUpdate Press(string content, Fate fate = Fate.Handled) => new(
        $$$$"""{"update_id":{id},"callback_query":{"id":"{id}7","from":{{{{From}}}},"chat_instance":"1","message":{"message_id":5,"date":1764300000,"chat":{{{{Chat}}}},"text":"x"},{{{{content}}}}}}""",
        fate);

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static string Replies(int depth)
    {
        var reply = "null";
        for (var level = 0; level < depth; level++)
        {
            reply = $$$$"""{"message_id":5,"date":1764300000,"chat":{{{{Chat}}}},"reply_to_message":{{{{reply}}}}}""";
        }

        return reply;
    }
}
