using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Platform.Testing.Routes;

/// <summary>Changes to a valid call. Null leaves that part unchanged.</summary>
/// <param name="Id">Replaces the id in the address, already encoded.</param>
/// <param name="Query">Already encoded.</param>
/// <param name="Keys">Each sent as an <c>Idempotency-Key</c>.</param>
internal sealed record Malformation(string? Id, string? Query, IReadOnlyList<string> Keys, BodyChange? Body, string ContentType)
{
    private const string Json = "application/json";

    /// <summary>Both valid and invalid JSON.</summary>
    private static readonly string[] OddValues =
    [
        "null", "true", "false", "0", "-1", "-0", "1.5", "0.001", "1e-50", "1e400", "-1e400", "2147483648", "9223372036854775807", "9223372036854775808",
        "79228162514264337593543950336", "1000000.01", "NaN", "[]", "{}", "[null]", "[[]]", """{"a":1}""", """{"a":1,"a":2}""", """{"":null}""",
        "\"\"", "\" \"", "\"x\"", "\"5\"", "\"-1\"", "\"null\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"",
        "\"\\u202e\\u200b\"", "\"\\n\\t\\u001f\"",
        "\"☕💥\"", "\"'; drop table users; --\"", "\"%00\"", "\"../../etc/passwd\"", "\"http://[::1\"", "\"javascript:alert(1)\"",
        "\"2026-02-30\"", "\"0001-01-01\"", "\"9999-12-31\"", "\"2026-01-01T00:00:00\"", "\"0001-01-01T00:00:00+14:00\"",
        "\"9999-12-31T23:59:59.9999999-14:00\"", "\"infinity\"",
        "\"unterminated", "\"\\x\"", "'single'", "undefined", "// comment", "{\"a\":", "]",
        Text('a', 256), Text('ж', 5_000), Text('9', 100), Nested('[', ']', 70), Nested('[', ']', 2_000),
        string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "1" + new string('}', 70),
    ];

    private static readonly string[] OddWords =
    [
        "0", "-1", "1.5", "1e3", "+5", "05", "abc", "null", "true", "9223372036854775807", "9223372036854775808", "99999999999999999999999999",
        "٣", "%D9%A3", "5%20", "%205",
        "%0d%0a", "%09", "%ff%fe", "%ed%a0%80", "%c0%80", "%f0%9f%92%a5", "%25", "%2525", "%2e%2e%2f", "%5c", "%22", "%27%20or%201%3d1--",
        "%7b%7d", "%E2%80%AE", "a%2Fb",
        "2026-02-30", "2026-01-01T00:00:00", "-infinity", "1,2", "[]", new('x', 2_000), new('7', 1_000),
    ];

    private static readonly string[] OddKeys =
    [
        "", " ", "a b", "\t", "ключ", "💥", "é", "\u007f", "'; drop table users; --", "{}", new('k', 255), new('k', 256), new('k', 5_000),
    ];

    private static readonly string[] OddContentTypes =
    [
        "", "json", "text/plain", "text/json", "application/xml", "application/octet-stream", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16", "application/json; charset=nonsense", "application/json;;", "*/*",
    ];

    /// <summary>Most of them change a field's value.</summary>
    private static readonly Action<JsonObject, string, JsonNode>[] FieldChanges =
    [
        .. Enumerable.Repeat<Action<JsonObject, string, JsonNode>>((fields, name, odd) => fields[name] = odd, 8),
        (fields, name, _) => fields.Remove(name),
        (fields, name, odd) => fields[name.ToUpperInvariant()] = odd,
        (fields, _, odd) => fields["unknown"] = odd,
    ];

    /// <param name="queries">Names of the route's query parameters.</param>
    public static Gen<Malformation> OfRoute<TApp>(Route<TApp> route, IReadOnlyList<string> queries)
    {
        var id = InPercent(route.HasId ? 50 : 0, OddWord());
        var query = InPercent(50, Queries(queries));
        var keys = Gen.Frequency(
            (3, Gen.Constant<IReadOnlyList<string>>([])), (1, OddKey().Select<string, IReadOnlyList<string>>(key => [key])),
            (1, Gen.Constant<IReadOnlyList<string>>(["first", "second"])));
        var body = route.TakesBody ? InPercent(85, BodyChanges()) : InPercent(25, OtherBody());
        var contentType = Gen.Frequency((9, Gen.Constant(Json)), (1, Gen.Elements(OddContentTypes)));
        return from oddId in id
               from oddQuery in query
               from oddKeys in keys
               from change in body
               from type in contentType
               select new Malformation(oddId, oddQuery, oddKeys, change, type);
    }

    // The test prints the request itself.
    public override string ToString() => "the request below";

    private static Gen<T?> InPercent<T>(int percent, Gen<T> some) where T : class =>
        from chance in Gen.Choose(1, 100)
        from value in some
        select chance <= percent ? value : null;

    private static Gen<string> AnyText() => ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "");

    private static Gen<string> OddWord() => Gen.Frequency((4, Gen.Elements(OddWords)), (1, AnyText().Select(Escaped)));

    private static Gen<string> OddKey() =>
        Gen.Frequency((3, Gen.Elements(OddKeys)), (1, AnyText().Select(text => text.ReplaceLineEndings("").Replace('\0', ' '))));

    private static Gen<string> Queries(IReadOnlyList<string> names) =>
        from parts in (from name in Gen.Elements([.. names, "unknown", "%00", ""])
                       from value in Gen.Frequency((9, OddWord()), (1, Gen.Constant("%00")))
                       select $"{name}={value}").ListOf()
        select string.Join('&', parts.Take(5));

    private static Gen<BodyChange> BodyChanges() => Gen.Frequency((8, Field()), (1, OtherBody()), (1, Cut()));

    private static Gen<BodyChange> Field() =>
        from which in Gen.Choose(0, 1_000)
        from value in OddValue()
        from change in Gen.Elements(FieldChanges)
        select new BodyChange(valid => ChangeField(valid, which, value, change));

    private static Gen<BodyChange> OtherBody() => Gen.OneOf(
        OddValue().Select(value => new BodyChange(_ => Encoding.UTF8.GetBytes(value))),
        ArbMap.Default.GeneratorFor<byte[]>().Select(bytes => new BodyChange(_ => bytes)),
        Gen.Constant(new BodyChange(valid => [.. Encoding.UTF8.Preamble, .. valid])),
        Gen.Constant(new BodyChange(valid => [.. valid, .. valid])),
        Gen.Constant(new BodyChange(valid => [.. "["u8, .. valid, .. "]"u8])),
        Gen.Constant(new BodyChange(valid => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(valid)))));

    private static Gen<BodyChange> Cut() => Gen.Choose(0, 99).Select(percent => new BodyChange(valid => valid[..(valid.Length * percent / 100)]));

    private static Gen<string> OddValue() => Gen.Frequency(
        (6, Gen.Elements(OddValues)),
        (1, AnyText().Select(text => JsonSerializer.Serialize(text))),
        (1, ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite).Select(number => number.ToString("R", CultureInfo.InvariantCulture))));

    // A node tree cannot hold invalid JSON, so it holds a placeholder that is replaced in the text.
    private static byte[] ChangeField(byte[] valid, int which, string value, Action<JsonObject, string, JsonNode> change)
    {
        const string Mark = "the odd value";
        var body = JsonNode.Parse(valid)!;
        var fields = FieldsOf(body).ToList();
        var (owner, name) = fields[which % fields.Count];
        change(owner, name, JsonValue.Create(Mark));
        return Encoding.UTF8.GetBytes(body.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal));
    }

    private static IEnumerable<(JsonObject Owner, string Name)> FieldsOf(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => FieldsOf(field.Value).Prepend((fields, field.Key))),
        JsonArray items => items.SelectMany(FieldsOf),
        _ => [],
    };

    private static string Escaped(string text) => Uri.EscapeDataString(text.Replace("\0", "", StringComparison.Ordinal));

    private static string Text(char letter, int length) => $"\"{new string(letter, length)}\"";

    private static string Nested(char open, char close, int depth) => new string(open, depth) + new string(close, depth);
}

internal sealed record BodyChange(Func<byte[], byte[]> Of);
