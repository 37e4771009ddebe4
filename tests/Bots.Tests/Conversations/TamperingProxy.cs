using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Platform.Testing;

namespace Platform.Bots.Tests.Conversations;

/// <summary>
/// A proxy between the bots and the sandbox that replaces messages and answers with other bytes.
/// </summary>
public sealed class TamperingProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _sandbox;
    private readonly ConcurrentDictionary<string, Func<long, byte[]>> _updates = new();
    private readonly ConcurrentDictionary<string, long> _ids = new();
    private readonly ConcurrentDictionary<string, long> _offsets = new();
    private volatile Func<string, JsonElement, byte[]?> _answerTo = (_, _) => null;
    private volatile TaskCompletionSource _held = Opened();

    private TamperingProxy(WebApplication app, HttpClient sandbox) => (_app, _sandbox) = (app, sandbox);

    public string Address => _app.Urls.Single();

    public static async Task<TamperingProxy> Start(string sandbox)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{Ports.Free()}");
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var changed = new TamperingProxy(builder.Build(), new HttpClient { BaseAddress = new Uri(sandbox), Timeout = TimeSpan.FromMinutes(2) });
        changed._app.Map("/{bot}/{method}", changed.Forward);
        await changed._app.StartAsync();
        return changed;
    }

    /// <summary>A message with this text becomes that update.</summary>
    public void Replace(string text, Func<long, byte[]> update) => _updates[text] = update;

    /// <summary>The number of the update that replaced a text; null until it came.</summary>
    public long? IdOf(string text) => _ids.TryGetValue(text, out var id) ? id : null;

    /// <summary>The last offset that the bot sent: it confirms all earlier updates.</summary>
    public long OffsetOf(string token) => _offsets.GetValueOrDefault(token);

    /// <summary>Replaces the answers to calls that have taken effect; null leaves an answer as it is.</summary>
    public void Answer(Func<string, JsonElement, byte[]?> to) => _answerTo = to;

    /// <summary>Holds back updates until <see cref="Release"/>, and then sends them all at once.</summary>
    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _held.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _app.DisposeAsync();
        _sandbox.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }

    private async Task Forward(HttpContext http, string bot, string method)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var isPoll = method.Equals("getUpdates", StringComparison.OrdinalIgnoreCase);
        if (isPoll)
        {
            await _held.Task.WaitAsync(http.RequestAborted);
        }

        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(http.Request.Path.Value!, UriKind.Relative))
        {
            Content = new ByteArrayContent(body.ToArray()),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
        using var answer = await _sandbox.SendAsync(request, http.RequestAborted);
        var content = await answer.Content.ReadAsByteArrayAsync(http.RequestAborted);
        var asked = http.Request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) is true && body.Length > 0
            ? JsonSerializer.Deserialize<JsonElement>(body.ToArray())
            : default;
        if (isPoll && asked.ValueKind == JsonValueKind.Object && asked.TryGetProperty("offset", out var offset))
        {
            _offsets[bot["bot".Length..]] = offset.GetInt64();
        }

        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(isPoll && answer.IsSuccessStatusCode ? Changed(content) : _answerTo(method, asked) ?? content, http.RequestAborted);
    }

    private byte[] Changed(byte[] answer)
    {
        using var read = JsonDocument.Parse(answer);
        var changed = new List<byte>();
        foreach (var update in read.RootElement.GetProperty("result").EnumerateArray())
        {
            changed.AddRange(changed.Count == 0 ? """{"ok":true,"result":["""u8 : ","u8);
            var id = update.GetProperty("update_id").GetInt64();
            if (update.TryGetProperty("message", out var message) && message.TryGetProperty("text", out var text)
                && _updates.TryGetValue(text.GetString()!, out var other))
            {
                _ids[text.GetString()!] = id;
                changed.AddRange(other(id));
            }
            else
            {
                changed.AddRange(System.Text.Encoding.UTF8.GetBytes(update.GetRawText()));
            }
        }

        return changed.Count == 0 ? answer : [.. changed, .. "]}"u8];
    }
}
