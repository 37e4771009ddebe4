using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests.Abstractions;
using Telegram.Bot.Types;

namespace Telegram.Bot;

public interface ITelegramBotClient
{
    /// <summary>Whether a base URL was given, so that the requests do not go to Telegram itself.</summary>
    bool LocalBotServer { get; }

    /// <summary>The number before the colon of the token.</summary>
    long BotId { get; }

    TimeSpan Timeout { get; set; }

    /// <exception cref="ApiRequestException">The Bot API refused.</exception>
    /// <exception cref="RequestException">No connection, no answer in time (<see cref="TaskCanceledException"/> within), or an answer that is none.</exception>
    /// <exception cref="OperationCanceledException">The caller's token, or the client's own, was cancelled.</exception>
    Task<TResponse> SendRequest<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken = default);

    /// <summary>False for a token that the Bot API does not know.</summary>
    Task<bool> TestApi(CancellationToken cancellationToken = default);

    Task DownloadFile(string filePath, Stream destination, CancellationToken cancellationToken = default);

    Task DownloadFile(TGFile file, Stream destination, CancellationToken cancellationToken = default);
}
