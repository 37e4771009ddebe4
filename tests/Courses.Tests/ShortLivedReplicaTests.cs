using MassTransit;

namespace Platform.Courses.Tests;

/// <summary>A replica that lived on after its end would take the messages of the others, and answer none.</summary>
public sealed class ShortLivedReplicaTests(CoursesApp app) : IClassFixture<CoursesApp>
{
    [Fact]
    public async Task A_replica_that_ends_while_it_connects_to_the_broker_ends_with_its_consumer()
    {
        // Of those that are not waited for, more than half are still connecting.
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
