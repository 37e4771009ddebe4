using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;

namespace Platform.Notifications.Tests.Messages;

public sealed class ExportMyDataTests(SharedNotificationsApp app)
{
    [Fact]
    public async Task The_export_contains_the_contact_the_preferences_the_chats_and_all_notifications()
    {
        var user = Happened.NewUser();
        var telegramId = new TelegramId(7_000_000_000 + user.Value);
        await app.Deliver(Happened.Registered(user, telegramId: telegramId, memberId: "MNT-7KQ2M9X7"), Happened.Started(telegramId));
        await app.Put("/api/notifications/preferences", app.ClientToken(user), new { reminders = false });
        // More than one page.
        await app.Deliver([.. Enumerable.Range(0, 120).Select(minute => Happened.Order(user, at: Happened.Now.AddMinutes(-minute)))]);

        var answer = await app.Get("/api/notifications/export", app.ClientToken(user));

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        var held = JsonNode.Parse(answer.Body)!;
        ((string?)held["contact"]!["fullName"]).ShouldBe("Анна Петрова");
        ((string?)held["contact"]!["memberId"]).ShouldBe("MNT-7KQ2M9X7");
        ((bool)held["preferences"]!["reminders"]!).ShouldBeFalse();
        ((string?)held["chats"]![0]!["bot"]).ShouldBe("client");
        held["notifications"]!.AsArray().Count.ShouldBe(120);
        held["notifications"]!.AsArray().ShouldAllBe(item => ((string?)item!["text"])!.Length > 0);
    }
}
