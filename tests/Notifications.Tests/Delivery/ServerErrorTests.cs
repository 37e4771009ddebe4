using Platform.Contracts;
using Platform.Testing;

namespace Platform.Notifications.Tests.Delivery;

/// <summary>A message is only resent if it certainly was not delivered.</summary>
public sealed class ServerErrorTests(ServerErrorTests.App app) : IClassFixture<ServerErrorTests.App>
{
    private static long _lastTelegramId = 5_000_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(502)]
    [InlineData(504)]
    [InlineData(524)]
    public async Task A_message_whose_answer_was_lost_by_a_proxy_is_uncertain_and_not_resent(int status)
    {
        app.Api.Answers(() => BotApiStub.ErrorPage(status), BotApiStub.Sent);

        await Becomes("uncertain", calls: 1);
    }

    [Fact]
    public async Task A_message_that_timed_out_inside_telegram_is_uncertain_and_not_resent()
    {
        app.Api.Answers(() => BotApiStub.Refused(504, "Gateway Timeout"), BotApiStub.Sent);

        await Becomes("uncertain", calls: 1);
    }

    [Fact]
    public async Task A_message_that_a_proxy_did_not_pass_on_is_resent()
    {
        app.Api.Answers(() => BotApiStub.ErrorPage(503), BotApiStub.Sent);

        await Becomes("sent", calls: 2);
    }

    [Theory]
    [InlineData(500, "Internal Server Error")]
    [InlineData(502, "Bad Gateway")]
    public async Task A_message_that_telegram_failed_on_is_resent(int status, string description)
    {
        app.Api.Answers(() => BotApiStub.Refused(status, description), BotApiStub.Sent);

        await Becomes("sent", calls: 2);
    }

    private async Task Becomes(string status, int calls)
    {
        var (user, chat) = (Happened.NewUser(), new TelegramId(Interlocked.Increment(ref _lastTelegramId)));
        await app.Deliver(Happened.Registered(user, telegramId: chat), Happened.Started(chat));
        var before = app.Api.Messages;

        await app.Deliver(Happened.Order(user));

        await Eventually.Get(
            async () => (await app.Column($"select status from notifications where user_id = {user}")).Single(), state =>
                state is "sent" or "uncertain" or "failed", Ct);
        (await app.Column($"select status from notifications where user_id = {user}")).Single().ShouldBe(status);
        (app.Api.Messages - before).ShouldBe(calls);
        (await app.Count($"select count(*) from queue where user_id = {user}")).ShouldBe(0);
    }

    public sealed class App : NotificationsApp
    {
        private readonly Lazy<Task<BotApiStub>> _api = new(() => BotApiStub.Start(CancellationToken.None));

        internal BotApiStub Api => _api.Value.Result;

        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            new("TELEGRAM_TOKEN_CLIENT", TelegramSandbox.GuestToken), new("TELEGRAM_API_URL", Api.Address), new("Notifications:PollEvery", "00:00:00.050"),
        ];

        protected override async Task BeforeService() => await _api.Value;

        // Runs, because the sender's pauses depend on time.
        protected override void Replace(IServiceCollection services) => services.UseClock(new RunningClock());

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Api.DisposeAsync();
        }
    }
}
