using Platform.Testing;

namespace Platform.Ops.Tests.Provision;

public sealed class ProvisionTests
{
    [Fact]
    public async Task A_dry_run_of_provision_lists_what_is_missing_and_creates_nothing()
    {
        await using var database = await EmptyDatabase.Create();
        var settings = PlatformCommand.Settings(database.Superuser, broker: null, "users", "a_new_service");
        settings["Roles__no_schema__Password"] = TestDatabase.Password;

        var planned = await PlatformCommand.Run(settings, "provision", "--dry-run", "--json");
        planned.ExitCode.ShouldBe(0, planned.ToString());
        var missing = planned.Json.GetProperty("missing").EnumerateArray().Select(name => name.GetString()).ToList();
        missing.ShouldContain("role a_new_service_owner");
        missing.ShouldContain("role no_schema");
        missing.ShouldContain("schema a_new_service");
        missing.ShouldNotContain("schema no_schema");
        (await database.Scalar<bool>("select to_regrole('a_new_service') is null and to_regnamespace('users') is null")).ShouldBeTrue();
    }

    [Fact]
    public async Task Provision_refuses_missing_logins_and_shows_no_password()
    {
        await using var database = await EmptyDatabase.Create();
        var settings = PlatformCommand.Settings(database.Superuser, broker: null, "users");

        var withoutUser = await PlatformCommand.Run([.. settings, new("ConnectionStrings__postgres", "Host=127.0.0.1;Database=platform")], "provision");
        var unnamed = await PlatformCommand.Run([.. settings, new("Roles__gateway__OwnerPassword", "x")], "provision");
        var none = await PlatformCommand.Run([new("ConnectionStrings__postgres", database.Superuser)], "provision");
        var garbled = await PlatformCommand.Run([.. settings, new("ConnectionStrings__postgres", "Host=x;Passwort=hunter2")], "provision");

        withoutUser.ExitCode.ShouldBe(2, withoutUser.ToString());
        withoutUser.Errors.ShouldContain("Username");
        unnamed.ExitCode.ShouldBe(2, unnamed.ToString());
        unnamed.Errors.ShouldContain("Roles__gateway__Password");
        none.ExitCode.ShouldBe(2, none.ToString());
        none.Errors.ShouldContain("DATABASE_SECRET");
        garbled.ExitCode.ShouldBe(2, garbled.ToString());
        garbled.Errors.ShouldNotContain("hunter2");
    }
}
