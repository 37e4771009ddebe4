using MassTransit;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Courses.Tests;

/// <summary>A service whose consumer has ended while nobody stopped it, as MassTransit's may when a connection breaks at the wrong moment.</summary>
public sealed class SilentQueueTests(CoursesAppThatFallsSilent app) : IClassFixture<CoursesAppThatFallsSilent>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_hears_again_by_itself_also_of_what_was_said_meanwhile()
    {
        var learner = CoursesApp.NewUserId();
        await app.Queue.Stop(Ct);
        await app.Broker.Publish(app.Registered(learner), Ct);

        // Its patience with a silence is 15 seconds.
        await Eventually.Passes(async () => (await Known(learner)).ShouldBe(1), Ct, TimeSpan.FromMinutes(1));

        var next = await app.GivenLearner();
        (await Known(next)).ShouldBe(1);
    }

    private async Task<int> Known(UserId learner) =>
        (await app.Database.Column<long>($"select user_id from courses.learners where user_id = {learner}", Ct)).Count;
}

public sealed class CoursesAppThatFallsSilent : CoursesApp, IReceiveEndpointObserver
{
    private readonly TaskCompletionSource<IReceiveEndpoint> _queue = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The service's own.</summary>
    public IReceiveEndpoint Queue { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Queue = await _queue.Task.WaitAsync(Eventually.Within);
    }

    protected override void Replace(IServiceCollection services) => services.AddSingleton<IReceiveEndpointObserver>(this);

    Task IReceiveEndpointObserver.Ready(ReceiveEndpointReady ready)
    {
        if (ready.InputAddress.AbsolutePath.EndsWith("/courses", StringComparison.Ordinal))
        {
            _queue.TrySetResult(ready.ReceiveEndpoint);
        }

        return Task.CompletedTask;
    }

    Task IReceiveEndpointObserver.Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    Task IReceiveEndpointObserver.Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    Task IReceiveEndpointObserver.Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
}
