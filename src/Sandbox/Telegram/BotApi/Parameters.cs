using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Sandbox.Telegram.BotApi;

/// <summary>A bot call's parameters, from the query and a JSON or form body. As in the real API all are text: a nested object is its JSON.</summary>
internal sealed class Parameters
{
    /// <summary>Hidden from the request log.</summary>
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
        // An incomplete form, one without a boundary, with too many fields or an invalid encoding.
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException or IOException && !ct.IsCancellationRequested)
        {
            return (parameters, e is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
                ? new Refusal(StatusCodes.Status413PayloadTooLarge, "Request Entity Too Large")
                : Refusal.BadRequest("can't parse the request body"));
        }

        return (parameters, null);
    }

    /// <returns>Null if missing or empty, which mean the same.</returns>
    public string? Text(string name) => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    public bool Bool(string name) => Text(name)?.ToUpperInvariant() is "TRUE" or "1" or "YES" or "Y" or "T";

    /// <returns>Null also if it is not a whole number.</returns>
    public long? Long(string name) =>
        long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Like the real API: an invalid number counts as missing, and one out of range is clamped.</summary>
    public int Int(string name, int otherwise, int min = int.MinValue, int max = int.MaxValue) =>
        (int)Math.Clamp(Long(name) ?? otherwise, min, max);

    public UploadedFile? File(string name) => _files.GetValueOrDefault(name);

    /// <summary>The fields of an object parameter, with the files of the whole call, which are parts of the same form.</summary>
    /// <returns>Null if it is not an object.</returns>
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
            return document.RootElement.ValueKind == JsonValueKind.Object && nested.ReadFields(document.RootElement) is null ? nested : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

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
            // JSON is decoded lazily; a value that cannot be written back is shown as text.
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
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? ReadFields(document.RootElement)
                : Refusal.BadRequest("object expected as request");
        }
        catch (JsonException)
        {
            return Refusal.BadRequest("can't parse JSON object");
        }
    }

    private Refusal? ReadFields(JsonElement fields)
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
            // An unpaired surrogate.
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

    // Drop directories from the file name.
    private static string NameOf(string sent)
    {
        var name = sent.Replace('\\', '/').Split('/')[^1].Normalize(NormalizationForm.FormC);
        return name.Length == 0 ? "file" : name;
    }
}

internal sealed record UploadedFile(string Name, string MimeType, ReadOnlyMemory<byte> Content);
