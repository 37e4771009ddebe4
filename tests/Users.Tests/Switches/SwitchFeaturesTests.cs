using Platform.Contracts.Users;
using Platform.Users.Switches;

namespace Platform.Users.Tests.Switches;

public sealed class SwitchFeaturesTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task Features_start_off_and_each_switch_is_published_and_audited_once()
    {
        var before = await app.Get("/api/users/switches", await app.Admin());
        (before.Json("payments"), before.Json("qr"), before.Json("adminLimits")).ShouldBe((false, false, false));

        var after = await app.Put("/api/users/switches", new { qr = true, payments = false }, await app.Admin());

        (after.Json("payments"), after.Json("qr"), after.Json("adminLimits")).ShouldBe((false, true, false));
        var published = await app.Published<FeatureSwitched>(switched => switched.Feature == Features.Qr);
        (published.IsOn, published.Version).ShouldBe((true, 1));
        (await app.Audit("feature:qr")).ShouldHaveSingleItem().Action.ShouldBe("feature.switch");
        (await app.Audit("feature:payments")).ShouldBeEmpty();

        await app.Switch(new { qr = true });
        await app.Switch(new { qr = false });
        (await app.Published<FeatureSwitched>(switched => switched.Feature == Features.Qr && !switched.IsOn)).Version.ShouldBe(2);
        (await app.Get("/api/users/switches", await app.Admin())).Json("qr").ShouldBe(false);
    }
}

/// <summary>Switches in the demo data.</summary>
public sealed class DemoSwitchesTests(UsersApp app) : IClassFixture<UsersApp>
{
    [Fact]
    public async Task Seeding_the_demo_turns_on_every_feature_that_the_owner_has_not_switched()
    {
        await app.Switch(new { qr = true });
        await app.Switch(new { qr = false });

        (await app.Seed(DemoSwitches.SwitchOn, TestContext.Current.CancellationToken)).ShouldBe(2);
        (await app.Seed(DemoSwitches.SwitchOn, TestContext.Current.CancellationToken)).ShouldBe(0);

        var switches = await app.Get("/api/users/switches", await app.Admin());
        (switches.Json("payments"), switches.Json("qr"), switches.Json("adminLimits")).ShouldBe((true, false, true));
        (await app.Published<FeatureSwitched>(switched => switched.Feature == Features.Payments)).IsOn.ShouldBeTrue();
    }
}
