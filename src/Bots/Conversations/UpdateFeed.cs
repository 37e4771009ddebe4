using System.Net;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests;
using Telegram.Bot.Types.Enums;

namespace Platform.Bots.Conversations;

/// <summary>Fetches updates; one at a time after an answer that cannot be split, to isolate the broken update.</summary>
internal sealed class UpdateFeed(BotAccount account, TimeSpan longPoll)
{
    /// <summary>Telegram's limit.</summary>
    private const int MaxBatch = 100;

    private static readonly UpdateType[] UpdateTypes = [UpdateType.Message, UpdateType.EditedMessage, UpdateType.CallbackQuery, UpdateType.MyChatMember];

    private int _singlesLeft;

    /// <param name="offset">Confirms all updates before it.</param>
    /// <exception cref="RequestException">Telegram does not answer, refuses, or sends an answer that cannot be parsed.</exception>
    public async Task<IReadOnlyList<SentUpdate>> Next(int? offset, CancellationToken ct)
    {
        var single = _singlesLeft > 0;
        var answer = await account.GetUpdates(
            new GetUpdatesRequest
            {
                Offset = offset, Limit = single ? 1 : MaxBatch, Timeout = single ? 0 : (int)longPoll.TotalSeconds, AllowedUpdates = UpdateTypes,
            },
            ct);
        if (UpdateReader.Split(answer) is { } updates)
        {
            _singlesLeft = single && updates.Count > 0 ? _singlesLeft - 1 : 0;
            return updates;
        }

        if (!single)
        {
            _singlesLeft = MaxBatch;
            return [];
        }

        _singlesLeft--;
        return UpdateReader.FindId(answer) is { } id
            ? [new SentUpdate(id, answer)]
            : throw new RequestException("Telegram's answer cannot be parsed.", HttpStatusCode.OK);
    }
}
