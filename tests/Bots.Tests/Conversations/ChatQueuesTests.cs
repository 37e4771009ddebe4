using System.Collections.Concurrent;
using Platform.Bots.Conversations;
using Platform.Contracts;
using Platform.Testing;
using Telegram.Bot.Types;

namespace Platform.Bots.Tests.Conversations;

public sealed class ChatQueuesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Updates_of_one_chat_are_handled_one_by_one_in_order()
    {
        var handled = new ConcurrentQueue<long>();
        var atWork = 0;
        using var queues = new ChatQueues(maxConcurrent: 8, async (update, _, _) =>
        {
            Interlocked.Increment(ref atWork).ShouldBe(1);
            await Task.Yield();
            handled.Enqueue(update.Id);
            Interlocked.Decrement(ref atWork);
        });

        for (var id = 1; id <= ChatQueues.MaxQueuedPerChat; id++)
        {
            (await queues.Add(Update(id, from: 5), Ct)).ShouldBeTrue();
        }

        await queues.Drain();
        handled.ShouldBe(Enumerable.Range(1, ChatQueues.MaxQueuedPerChat).Select(id => (long)id));
    }

    [Fact]
    public async Task A_slow_chat_does_not_delay_other_chats()
    {
        var release = new TaskCompletionSource();
        var other = new TaskCompletionSource();
        using var queues = new ChatQueues(maxConcurrent: 2, async (update, _, _) =>
        {
            if (update.From.Value == 1)
            {
                await release.Task;
            }
            else
            {
                other.SetResult();
            }
        });

        await queues.Add(Update(1, from: 1), Ct);
        await queues.Add(Update(2, from: 2), Ct);

        await other.Task.WaitAsync(Ct);
        release.SetResult();
        await queues.Drain();
    }

    [Fact]
    public async Task A_flooded_chat_does_not_fill_the_queues_and_is_warned_once()
    {
        var release = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        var other = new TaskCompletionSource();
        var handled = new ConcurrentQueue<PendingUpdate>();
        using var queues = new ChatQueues(maxConcurrent: 2, async (update, _, _) =>
        {
            if (update.From.Value == 2)
            {
                other.SetResult();
                return;
            }

            begun.TrySetResult();
            await release.Task;
            handled.Enqueue(update);
        });

        await queues.Add(Update(1, from: 1), Ct);
        await begun.Task.WaitAsync(Ct);
        List<int> taken = [];
        for (var id = 2; id <= 3000; id++)
        {
            if (await queues.Add(Update(id, from: 1), Ct))
            {
                taken.Add(id);
            }
        }

        await queues.Add(Update(3001, from: 2), Ct);
        await other.Task.WaitAsync(Ct);
        release.SetResult();
        await queues.Drain();

        taken.ShouldBe(Enumerable.Range(2, ChatQueues.MaxQueuedPerChat + 1));
        handled.Select(update => update.Id).ShouldBe([1, .. taken.Select(id => (long)id)]);
        handled.Where(update => update.IsOverLimit).ShouldHaveSingleItem().Id.ShouldBe(taken[^1]);
        (await queues.Add(Update(3002, from: 1), Ct)).ShouldBeTrue();
        await queues.Drain();
        handled.Last().IsOverLimit.ShouldBeFalse();
    }

    [Fact]
    public async Task No_more_chats_are_handled_at_once_than_allowed()
    {
        var atWork = 0;
        var most = 0;
        using var queues = new ChatQueues(maxConcurrent: 3, async (_, _, _) =>
        {
            var now = Interlocked.Increment(ref atWork);
            lock (this)
            {
                most = Math.Max(most, now);
            }

            await Task.Yield();
            Interlocked.Decrement(ref atWork);
        });

        for (var id = 1; id <= 100; id++)
        {
            await queues.Add(Update(id, from: id), Ct);
        }

        await queues.Drain();
        most.ShouldBeInRange(1, 3);
    }

    [Fact]
    public async Task A_chat_that_waits_for_a_call_releases_its_slot_and_takes_one_again_afterwards()
    {
        var answer = new TaskCompletionSource<bool>();
        var (other, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var goesOn = new TaskCompletionSource();
        using var queues = new ChatQueues(maxConcurrent: 1, async (update, slot, ct) =>
        {
            if (update.From.Value == 1)
            {
                await slot.Await(answer.Task, ct);
                goesOn.SetResult();
            }
            else
            {
                other.SetResult();
                await release.Task;
            }
        });

        await queues.Add(Update(1, from: 1), Ct);
        await queues.Add(Update(2, from: 2), Ct);
        await other.Task.WaitAsync(Eventually.Within, Ct);
        answer.SetResult(true);
        goesOn.Task.IsCompleted.ShouldBeFalse("the only slot is taken");
        release.SetResult();

        await goesOn.Task.WaitAsync(Eventually.Within, Ct);
        await queues.Drain();
    }

    [Fact]
    public async Task Thousands_of_updates_of_waiting_chats_do_not_delay_another_chat()
    {
        var never = new TaskCompletionSource<bool>();
        var other = new TaskCompletionSource();
        using var queues = new ChatQueues(maxConcurrent: 2, async (update, slot, ct) =>
        {
            if (update.From.Value == 0)
            {
                other.SetResult();
                return;
            }

            slot.Release();
            await slot.Await(never.Task, ct);
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        for (var id = 1; id <= 6_000; id++)
        {
            await queues.Add(Update(id, from: 1 + (id % 200)), stop.Token);
        }

        await queues.Add(Update(6_001, from: 0), stop.Token);
        await other.Task.WaitAsync(Eventually.Within, Ct);
        await stop.CancelAsync();
        never.SetCanceled(stop.Token);
        await queues.Drain();
    }

    private static PendingUpdate Update(int id, long from) => new(id, new TelegramId(from), new Update { Id = id });
}
