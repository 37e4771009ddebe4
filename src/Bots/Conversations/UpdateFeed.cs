using System.Net;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Requests;
using Telegram.Bot.Types.Enums;

namespace Platform.Bots.Conversations;

/// <summary>Fetches a bot's updates. An answer that cannot be taken apart is asked for again one update at a time, until what spoils it is found.</summary>
internal sealed class UpdateFeed(BotAccount account, TimeSpan longPoll)
{
    /// <summary>Telegram gives no more at once.</summary>
    private const int Most = 100;

    private static readonly UpdateType[] Wanted = [UpdateType.Message, UpdateType.EditedMessage, UpdateType.CallbackQuery, UpdateType.MyChatMember];

    private int _leftOneByOne;

    /// <param name="offset">Confirms all updates before it.</param>
    /// <returns>Nothing when there is nothing yet: ask again.</returns>
    /// <exception cref="RequestException">Telegram does not answer, refuses, or answers what is no answer.</exception>
    public async Task<IReadOnlyList<SentUpdate>> Next(int? offset, CancellationToken ct)
    {
        var oneByOne = _leftOneByOne > 0;
        var answer = await account.AskForUpdates(
            new GetUpdatesRequest
            {
                Offset = offset, Limit = oneByOne ? 1 : Most, Timeout = oneByOne ? 0 : (int)longPoll.TotalSeconds, AllowedUpdates = Wanted,
            },
            ct);
        if (UpdateReader.Split(answer) is { } updates)
        {
            _leftOneByOne = oneByOne && updates.Count > 0 ? _leftOneByOne - 1 : 0;
            return updates;
        }

        if (!oneByOne)
        {
            _leftOneByOne = Most;
            return [];
        }

        _leftOneByOne--;
        return UpdateReader.FindId(answer) is { } id
            ? [new SentUpdate(id, answer)]
            : throw new RequestException("Telegram's answer cannot be read.", HttpStatusCode.OK);
    }
}
