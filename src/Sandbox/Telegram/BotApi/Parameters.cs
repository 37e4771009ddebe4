using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Sandbox.Telegram.BotApi;

/// <summary>
/// What a bot sent with a call: from the query and from a body of JSON, of a form or of several parts. All the same to the
/// real one, which keeps everything as text: a nested object is its JSON.
/// </summary>
internal sealed class Parameters
{
    /// <summary>What a bot gave us to give back to it in secret.</summary>
    private const string Secret = "secret_token";

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UploadedFile> _files = new(StringComparer.Ordinal);

    public static async Task<(Parameters Parameters, Refusal? Refusal)> Read(HttpRequest request, CancellationToken ct)
    {
        var parameters = new Parameters();
        foreach (var (name, values) in request.Query)
        {
            parameters._values[name] = values.ToString();
        }

        try
        {
            if (request.HasJsonContentType())
            {
                return (parameters, await parameters.ReadJson(request, ct));
            }

            if (request.HasFormContentType)
            {
                await parameters.ReadForm(request, ct);
            }
        }
        // A form that breaks off, has no boundary, too many fields or a broken encoding.
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException or IOException && !ct.IsCancellationRequested)
        {
            return (parameters, e is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
                ? new Refusal(StatusCodes.Status413PayloadTooLarge, "Request Entity Too Large")
                : Refusal.BadRequest("can't parse the request body"));
        }

        return (parameters, null);
    }

    /// <returns>Null when it was left out or is empty, which is the same.</returns>
    public string? Text(string name) => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    public bool Bool(string name) => Text(name)?.ToUpperInvariant() is "TRUE" or "1" or "YES" or "Y" or "T";

    /// <returns>Null also when it is no whole number.</returns>
    public long? Long(string name) =>
        long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>As the real one reads numbers: what is none is as if left out, what is out of range is the nearest in it.</summary>
    public int Int(string name, int otherwise, int min = int.MinValue, int max = int.MaxValue) =>
        (int)Math.Clamp(Long(name) ?? otherwise, min, max);

    public UploadedFile? File(string name) => _files.GetValueOrDefault(name);

    /// <summary>The fields of a parameter that is an object, with the files of the whole call: they are parts of its form.</summary>
    /// <returns>Null when it is no object.</returns>
    public Parameters? Object(string name)
    {
        var nested = new Parameters();
        foreach (var (file, content) in _files)
        {
            nested._files[file] = content;
        }

        try
        {
            using var document = JsonDocument.Parse(Text(name) ?? "");
            return document.RootElement.ValueKind == JsonValueKind.Object && nested.Take(document.RootElement) is null ? nested : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>For people to read what a bot sent.</summary>
    public JsonObject ToJson()
    {
        var all = new JsonObject();
        foreach (var (name, value) in _values)
        {
            all[name] = name == Secret ? "***" : Nested(value) ?? JsonValue.Create(value);
        }

        foreach (var (name, file) in _files)
        {
            all[name] = new JsonObject { ["fileName"] = file.Name, ["bytes"] = file.Content.Length };
        }

        return all;
    }

    private static JsonNode? Nested(string value)
    {
        if (value is not (['{', ..] or ['[', ..]))
        {
            return null;
        }

        try
        {
            var node = JsonNode.Parse(value);
            // Parsed as it is read: what cannot be written later is text.
            _ = node?.ToJsonString();
            return node;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task<Refusal?> ReadJson(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);
        if (body.Length == 0)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length));
            return document.RootElement.ValueKind == JsonValueKind.Object ? Take(document.RootElement) : Refusal.BadRequest("object expected as request");
        }
        catch (JsonException)
        {
            return Refusal.BadRequest("can't parse JSON object");
        }
    }

    private Refusal? Take(JsonElement fields)
    {
        try
        {
            foreach (var field in fields.EnumerateObject())
            {
                switch (field.Value.ValueKind)
                {
                    case JsonValueKind.Null:
                        break;
                    case JsonValueKind.String:
                        _values[field.Name] = field.Value.GetString()!;
                        break;
                    default:
                        _values[field.Name] = field.Value.GetRawText();
                        break;
                }
            }

            return null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return Refusals.NotUtf8;
        }
    }

    private async Task ReadForm(HttpRequest request, CancellationToken ct)
    {
        var form = await request.ReadFormAsync(ct);
        foreach (var (name, values) in form)
        {
            _values[name] = values.ToString();
        }

        foreach (var file in form.Files)
        {
            using var content = new MemoryStream(checked((int)file.Length));
            await file.CopyToAsync(content, ct);
            _files[file.Name] = new UploadedFile(
                NameOf(file.FileName), file.ContentType ?? "application/octet-stream", content.GetBuffer().AsMemory(0, (int)content.Length));
        }
    }

    // A path, in case somebody sent one, is nobody's business.
    private static string NameOf(string sent)
    {
        var name = sent.Replace('\\', '/').Split('/')[^1].Normalize(NormalizationForm.FormC);
        return name.Length == 0 ? "file" : name;
    }
}

internal sealed record UploadedFile(string Name, string MimeType, ReadOnlyMemory<byte> Content);
