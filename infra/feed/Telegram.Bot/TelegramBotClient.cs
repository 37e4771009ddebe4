using System.Net;
using System.Text.Json;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests.Abstractions;
using Telegram.Bot.Types;

namespace Telegram.Bot;

public class TelegramBotClient(TelegramBotClientOptions options, HttpClient? httpClient = default, CancellationToken cancellationToken = default)
    : ITelegramBotClient
{
    private readonly TelegramBotClientOptions _options = options ?? throw new ArgumentNullException(nameof(options));
    private readonly HttpClient _http = httpClient ?? new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(3) });

    public TelegramBotClient(string token, HttpClient? httpClient = null, CancellationToken cancellationToken = default)
        : this(new TelegramBotClientOptions(token), httpClient, cancellationToken)
    {
    }

    public string Token => _options.Token;

    public long BotId => _options.BotId;

    public bool LocalBotServer => _options.LocalBotServer;

    public TimeSpan Timeout
    {
        get => _http.Timeout;
        set => _http.Timeout = value;
    }

    /// <summary>Cancels every request of this client.</summary>
    public CancellationToken GlobalCancelToken { get; } = cancellationToken;

    public virtual async Task<TResponse> SendRequest<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);

        using var either = CancellationTokenSource.CreateLinkedTokenSource(GlobalCancelToken, cancellationToken);
        using var content = request.ToHttpContent();
        if (content is { Headers.ContentLength: null } && _options is { RetryThreshold: > 0, RetryCount: > 1 })
        {
            // So that a stream can be sent a second time.
            await content.LoadIntoBufferAsync(either.Token);
        }

        for (var attempt = 1; ; attempt++)
        {
            using var message = new HttpRequestMessage(request.HttpMethod, $"{_options.BaseRequestUrl}/{request.MethodName}");
            message.Content = content;
            using var response = await Send(message, either.Token);
            message.Content = null;   // of the request, not of this attempt: disposing the message must leave it

            if (response.StatusCode == HttpStatusCode.OK)
            {
                var answer = await Read<ApiResponse<TResponse>>(response, either.Token);
                return answer is { Ok: true, Result: { } result } ? result : throw Incomplete(response);
            }

            var refusal = await Refusal(response, either.Token);
            if (refusal.ErrorCode != 429 || attempt >= _options.RetryCount
                || _options.RetryThreshold <= 0 || !(refusal.Parameters?.RetryAfter <= _options.RetryThreshold))
            {
                throw refusal;
            }

            await Task.Delay(TimeSpan.FromSeconds(refusal.Parameters.RetryAfter.Value), either.Token);
        }
    }

    public async Task<bool> TestApi(CancellationToken cancellationToken = default)
    {
        try
        {
            await this.GetMe(cancellationToken);
            return true;
        }
        catch (ApiRequestException e) when (e.ErrorCode == 401)
        {
            return false;
        }
    }

    public Task DownloadFile(TGFile file, Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        return DownloadFile(file.FilePath!, destination, cancellationToken);
    }

    public async Task DownloadFile(string filePath, Stream destination, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(filePath) || filePath.Length < 2)
        {
            throw new ArgumentException("Invalid file path", nameof(filePath));
        }

        ArgumentNullException.ThrowIfNull(destination);

        using var either = CancellationTokenSource.CreateLinkedTokenSource(GlobalCancelToken, cancellationToken);
        using var message = new HttpRequestMessage(HttpMethod.Get, $"{_options.BaseFileUrl}/{filePath}");
        using var response = await Send(message, either.Token, HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode)
        {
            throw await Refusal(response, either.Token);
        }

        try
        {
            await response.Content.CopyToAsync(destination, either.Token);
        }
        catch (Exception e)
        {
            throw new RequestException("Exception during file download", response.StatusCode, e);
        }
    }

    private async Task<HttpResponseMessage> Send(
        HttpRequestMessage message, CancellationToken ct, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        try
        {
            return await _http.SendAsync(message, completion, ct);
        }
        catch (TaskCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new RequestException("Bot API Request timed out", e);
        }
        catch (Exception e) when (e is not TaskCanceledException)
        {
            throw new RequestException($"Bot API Service Failure: {e.GetType().Name}: {e.Message}", e);
        }
    }

    private static async Task<ApiRequestException> Refusal(HttpResponseMessage response, CancellationToken ct)
    {
        var answer = await Read<ApiResponse>(response, ct);
        return answer is { ErrorCode: not 0, Description: { } description }
            ? new ApiRequestException(description, answer.ErrorCode, answer.Parameters)
            : throw Incomplete(response);
    }

    private static async Task<T> Read<T>(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(ct);
            return await JsonSerializer.DeserializeAsync<T>(body, JsonBotAPI.Options, ct) ?? throw new JsonException("null");
        }
        catch (Exception e)
        {
            throw new RequestException("There was an exception during deserialization of the response", response.StatusCode, e);
        }
    }

    private static RequestException Incomplete(HttpResponseMessage response) =>
        new("Required properties not found in response", response.StatusCode);

    private class ApiResponse
    {
        public bool Ok { get; init; }

        public string? Description { get; init; }

        public int ErrorCode { get; init; }

        public ResponseParameters? Parameters { get; init; }
    }

    private sealed class ApiResponse<TResponse> : ApiResponse
    {
        public TResponse? Result { get; init; }
    }
}
