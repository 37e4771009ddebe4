using MassTransit;
using MassTransit.UsageTracking;

namespace Platform.Notifications.Tests;

public sealed class UsageTelemetryTests(NotificationsApp app) : IClassFixture<NotificationsApp>
{
    [Fact]
    public void The_usage_telemetry_of_MassTransit_is_off()
    {
        // The tracker that would report, after options and environment were applied.
        var tracker = app.Services.GetRequiredService<IUsageTracker>().ShouldBeOfType<UsageTracker>();

        tracker.Enabled.ShouldBeFalse();
        app.Services.GetRequiredService<IBus>().ShouldNotBeNull("there is a bus to report on");
    }
}
