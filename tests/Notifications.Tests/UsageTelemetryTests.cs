using MassTransit;
using MassTransit.UsageTracking;

namespace Platform.Notifications.Tests;

public sealed class UsageTelemetryTests(NotificationsApp app) : IClassFixture<NotificationsApp>
{
    [Fact]
    public void Nothing_is_reported_to_the_makers_of_the_message_library()
    {
        // The one that would report, with everything decided: options and environment.
        var tracker = app.Services.GetRequiredService<IUsageTracker>().ShouldBeOfType<UsageTracker>();

        tracker.Enabled.ShouldBeFalse();
        app.Services.GetRequiredService<IBus>().ShouldNotBeNull("there is a bus to report on");
    }
}
