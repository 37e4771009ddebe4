using System.Net;
using System.Net.Http.Headers;
using Npgsql;
using Polly;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;

namespace Platform.Bots.Tests;

public sealed class RetryPoliciesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Telegram_polling_is_retried_after_1_2_4_8_and_then_every_15_seconds()
    {
        var clock = new ImpatientClock();

        await FailThenSucceed(RetryPolicies.TelegramPolling(clock, _ => { }), Enumerable.Repeat(Refusal(404), 6));

        clock.Waits.ShouldBe(Seconds(1, 2, 4, 8, 15, 15));
    }

    [Fact]
    public async Task The_retry_after_of_Telegram_replaces_the_delay_of_the_policy()
    {
        var (polling, message) = (new ImpatientClock(), new ImpatientClock());

        await FailThenSucceed(RetryPolicies.TelegramPolling(polling, _ => { }), [Refusal(429, retryAfter: 60)]);
        await FailThenSucceed(RetryPolicies.TelegramMessage(message, () => { }), [Refusal(429, retryAfter: 60)]);

        polling.Waits.ShouldBe(Seconds(60));
        message.Waits.ShouldBe(Seconds(60));
    }

    [Fact]
    public async Task Telegram_messages_are_retried_at_most_10_seconds_apart()
    {
        var clock = new ImpatientClock();

        await FailThenSucceed(RetryPolicies.TelegramMessage(clock, () => { }), Enumerable.Repeat(new RequestException("no connection"), 50));

        clock.Waits.Count.ShouldBe(50);
        clock.Waits.ShouldAllBe(wait => wait <= TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(401, true)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(502, true)]
    public async Task A_refused_Telegram_message_is_retried_only_when_a_retry_may_help(int status, bool isRetried)
    {
        var (clock, retries) = (new ImpatientClock(), 0);

        var sending = FailThenSucceed(RetryPolicies.TelegramMessage(clock, () => retries++), [Refusal(status)]);

        if (isRetried)
        {
            await sending;
        }
        else
        {
            (await sending.ShouldThrowAsync<ApiRequestException>()).ErrorCode.ShouldBe(status);
        }

        retries.ShouldBe(isRetried ? 1 : 0);
    }

    [Fact]
    public async Task A_transient_database_fault_is_retried_after_1_2_4_8_and_then_every_15_seconds()
    {
        var (clock, reported) = (new ImpatientClock(), new List<TimeSpan>());
        var policy = RetryPolicies.Database(clock, (_, delay) => reported.Add(delay));

        await FailThenSucceed(policy, Enumerable.Repeat(new NpgsqlException("lost", new IOException()), 6));

        clock.Waits.ShouldBe(Seconds(1, 2, 4, 8, 15, 15));
        reported.ShouldBe(clock.Waits);
        await FailThenSucceed(policy, [new InvalidOperationException()]).ShouldThrowAsync<InvalidOperationException>();
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, null, 3)]
    [InlineData(HttpStatusCode.ServiceUnavailable, null, 3)]
    [InlineData(HttpStatusCode.ServiceUnavailable, 2, 9)]
    [InlineData(HttpStatusCode.ServiceUnavailable, 3, 1)]
    [InlineData(HttpStatusCode.GatewayTimeout, null, 1)]
    [InlineData(HttpStatusCode.TooManyRequests, 1, 1)]
    public async Task A_gateway_call_is_attempted_as_often_as_its_answer_allows(HttpStatusCode status, int? retryAfter, int expected)
    {
        var (clock, attempts) = (new ImpatientClock(), 0);

        using var answer = await RetryPolicies.Gateway(clock).ExecuteAsync(
            _ =>
            {
                attempts++;
                var refusal = new HttpResponseMessage(status);
                refusal.Headers.RetryAfter = retryAfter is { } seconds ? new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds)) : null;
                return ValueTask.FromResult(refusal);
            },
            Ct);

        answer.StatusCode.ShouldBe(status);
        attempts.ShouldBe(expected);
        clock.Waits.ShouldAllBe(wait => retryAfter == null || wait == TimeSpan.FromSeconds(retryAfter.Value));
    }

    private static async Task FailThenSucceed(ResiliencePipeline policy, IEnumerable<Exception> faults)
    {
        var left = new Queue<Exception>(faults);
        await policy.ExecuteAsync(_ => left.TryDequeue(out var fault) ? throw fault : ValueTask.CompletedTask, Ct);
    }

    private static ApiRequestException Refusal(int status, int? retryAfter = null) =>
        new("refused", status, new ResponseParameters { RetryAfter = retryAfter });

    private static IEnumerable<TimeSpan> Seconds(params int[] seconds) => seconds.Select(count => TimeSpan.FromSeconds(count));

    /// <summary>Records every wait and ends it at once.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
