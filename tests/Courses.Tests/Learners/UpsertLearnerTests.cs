using System.Net;
using Platform.Contracts;
using Platform.Contracts.Users;
using Platform.Testing;

namespace Platform.Courses.Tests.Learners;

public sealed class UpsertLearnerTests(SharedCoursesApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_newest_state_of_a_person_wins_in_any_order()
    {
        var user = CoursesApp.NewUserId();

        await app.Deliver(app.Registered(user, "Third", "Казань", new TelegramId(77), version: 3));
        await app.Deliver(app.Registered(user, "First", version: 1));
        await app.Deliver(app.Registered(user, "Second", version: 2));
        (await State(user)).ShouldBe("Third Казань 77 3");

        await app.Deliver(app.Registered(user, "Fourth", city: null, new TelegramId(78), version: 4));
        await app.Deliver(app.Registered(user, "Third", version: 3));
        (await State(user)).ShouldBe("Fourth  78 4");
    }

    [Fact]
    public async Task An_update_wins_over_a_registration_of_the_same_version_and_restores_no_erased_learner()
    {
        var (user, erased) = (CoursesApp.NewUserId(), CoursesApp.NewUserId());

        await app.Deliver(Updated(user, "Second", version: 2));
        await app.Deliver(app.Registered(user, "First", version: 1));
        await app.Deliver(app.Registered(user, "First", version: 2));
        (await State(user)).ShouldBe("Second Уфа 79 2");
        await app.Deliver(app.Registered(user, "Third", version: 3));
        await app.Deliver(Updated(user, "Third again", version: 3));
        (await State(user)).ShouldBe("Third again Уфа 79 3");

        await app.Deliver(new UserErased { UserId = erased, ErasedAt = app.Clock.GetUtcNow(), Version = 3 });
        await app.Deliver(Updated(erased, "Came back", version: 9));
        (await State(erased)).ShouldBe("  3");
    }

    [Fact]
    public async Task A_blocked_person_is_refused_until_unblocked()
    {
        var user = await app.GivenLearner();
        var before = app.Client(user);
        (await CoursesApp.Get(before, "/api/courses/mine")).Status.ShouldBe(HttpStatusCode.OK);

        await app.Deliver(new UserBlocked { UserId = user, BlockedAt = app.Clock.GetUtcNow(), Version = 2 });
        await app.Refused(before);
        (await CoursesApp.Get(before, "/api/courses/mine")).ShouldBeProblem(HttpStatusCode.Forbidden, "user_blocked");

        await app.Deliver(new UserUnblocked { UserId = user, UnblockedAt = app.Clock.GetUtcNow(), Version = 3 });
        await Eventually.IsTrue(async () => (await CoursesApp.Get(app.Client(user), "/api/courses/mine")).Status == HttpStatusCode.OK, Ct);
    }

    private UserUpdated Updated(UserId user, string fullName, long version) => new()
    {
        UserId = user,
        TelegramId = new TelegramId(79),
        FullName = fullName,
        Language = "ru",
        City = "Уфа",
        PhoneVerified = true,
        PhoneSeenBefore = false,
        MembershipType = MembershipTypes.Free,
        UpdatedAt = app.Clock.GetUtcNow(),
        Version = version,
    };

    private Task<string?> State(UserId user) => app.Database.Scalar<string>(
        "select concat_ws(' ', full_name, coalesce(city, ''), telegram_id, version) from courses.learners where user_id = $1", Ct, user.Value);
}
