using Platform.Sandbox.Telegram.Files;

namespace Platform.Sandbox.Telegram.BotApi;

/// <summary>A file that a bot sends: as part of the form, by the id of an earlier file, or by an address to download.</summary>
/// <param name="Known">The earlier file, if it was sent by id.</param>
internal sealed record SentFile(string Name, string MimeType, ReadOnlyMemory<byte> Content, SharedFile? Known)
{
    private const string Attached = "attach://";

    private static readonly TimeSpan DownloadTimeout = TimeSpan.FromSeconds(5);

    public static async Task<(SentFile? File, Refusal? Refusal)> Read(BotCall call, string name, int maxBytes, CancellationToken ct)
    {
        var reference = call.Parameters.Text(name);
        var uploaded = reference?.StartsWith(Attached, StringComparison.Ordinal) is true
            ? call.Parameters.File(reference[Attached.Length..])
            : call.Parameters.File(name);
        if (uploaded is not null)
        {
            return uploaded.Content.Length switch
            {
                0 => (null, Refusal.BadRequest("file must be non-empty")),
                var length when length > maxBytes => (null, Refusal.BadRequest("file is too big")),
                _ => (new SentFile(uploaded.Name, uploaded.MimeType, uploaded.Content, Known: null), null),
            };
        }

        if (reference is null)
        {
            return (null, Refusal.BadRequest($"there is no {name} in the request"));
        }

        if (Uri.TryCreate(reference, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return await Download(call, address, maxBytes, ct);
        }

        lock (call.Messenger.Lock)
        {
            return call.Messenger.Files.Find(reference) is { } known
                ? (new SentFile(known.Name, known.MimeType, known.Content, known), null)
                : (null, Refusal.BadRequest("wrong remote file identifier specified: Wrong string length"));
        }
    }

    private static async Task<(SentFile? File, Refusal? Refusal)> Download(BotCall call, Uri address, int maxBytes, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(DownloadTimeout);
        try
        {
            using var client = call.Service<IHttpClientFactory>().CreateClient(nameof(SentFile));
            client.MaxResponseContentBufferSize = maxBytes;
            using var response = await client.GetAsync(address, timeout.Token);
            if (!response.IsSuccessStatusCode)
            {
                return (null, Refusal.BadRequest("failed to get HTTP URL content"));
            }

            var content = await response.Content.ReadAsByteArrayAsync(timeout.Token);
            var fileName = Path.GetFileName(address.LocalPath) is { Length: > 0 } last ? last : "file";
            return (new SentFile(fileName, response.Content.Headers.ContentType?.MediaType ?? "application/octet-stream", content, Known: null), null);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return (null, Refusal.BadRequest("failed to get HTTP URL content"));
        }
    }
}
