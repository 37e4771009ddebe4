using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Contracts;
using Platform.Sandbox.Telegram.Chats;
using Platform.ServiceDefaults.Web;

namespace Platform.Sandbox.Telegram.PersonApi;

/// <summary>The chat's state now and after each change, as server-sent events. Quick successive changes are merged.</summary>
internal static class FollowChat
{
    public const string EventType = "chat";

    public static Results<ServerSentEventsResult<ChatState?>, ProblemHttpResult> Handle(
        string bot, TelegramId personId, Messenger messenger, IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        lock (messenger.Lock)
        {
            return messenger.TryFindChat(bot, personId, out var chat, out var problem)
                ? TypedResults.ServerSentEvents(EventStreams.KeepAlive(ending => States(chat, messenger, ending), lifetime, ct))
                : problem;
        }
    }

    private static async IAsyncEnumerable<SseItem<ChatState>> States(
        Chat chat, Messenger messenger, [EnumeratorCancellation] CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            Task changed;
            ChatState state;
            TimeSpan? typing;
            lock (messenger.Lock)
            {
                changed = chat.Changed.Next;
                state = ChatState.Of(chat, messenger.Now);
                typing = state.Typing is null ? null : chat.ActionEndsAt - messenger.Now;
            }

            yield return new SseItem<ChatState>(state, EventType);

            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ending);
            await Task.WhenAny(changed, Task.Delay(typing ?? Timeout.InfiniteTimeSpan, waiting.Token));
            await waiting.CancelAsync();
        }
    }
}
