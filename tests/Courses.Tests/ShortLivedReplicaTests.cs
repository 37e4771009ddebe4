using MassTransit;

namespace Platform.Courses.Tests;

/// <summary>A replica that outlived its shutdown would take messages from the others and handle none.</summary>
public sealed class ShortLivedReplicaTests(CoursesApp app) : IClassFixture<CoursesApp>
{
    [Fact]
    public async Task A_replica_stopped_while_connecting_to_the_broker_leaves_no_consumer()
    {
        // More than half of the replicas are still connecting when they stop.
        for (var started = 0; started < 5; started++)
        {
            var replica = await app.Start();
            var bus = replica.Services.GetRequiredService<IBusControl>();

            await replica.DisposeAsync();

            bus.CheckHealth().Description.ShouldBe("Not ready: stopped");
        }

        (await app.Broker.Consumers("courses", TestContext.Current.CancellationToken)).ShouldBe(1u);
    }
}
