using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Platform.Loyalty.Accounts;

namespace Platform.Loyalty.Tests.Orders;

/// <summary>SQL writes these events by the names of their fields, which no compiler compares with the contracts.</summary>
public sealed class EventsFromSqlTests(LoyaltyApp app) : IClassFixture<LoyaltyApp>
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Payloads_written_by_SQL_have_every_field_of_their_contract_and_no_other()
    {
        await KeepPayloads();
        var (guest, staff) = (await app.GivenGuest(), await app.GivenStaff());

        // Gold by the first order, and the points that it earned are spent, so its refund corrects the second and leaves a debt.
        var first = await Place(guest, staff, amount: 100_000);
        await Place(guest, staff, amount: 1250);
        await Place(guest, staff, amount: 3000, spendPoints: 900);
        (await app.Refund(staff, first)).Status.ShouldBe(HttpStatusCode.OK);
        await Place(guest, staff, amount: 5000);

        (await app.ChangePoints(guest, 4000, "bonus", "bonus:1")).ShouldStartWith("changed");
        app.Clock.Advance(TimeSpan.FromDays(360));
        await app.RunJob<WarnOfExpiry>();
        app.Clock.Advance(TimeSpan.FromDays(10));
        await app.RunJob<ExpirePoints>();

        await Matches<PointsChanged>(count: 2);
        await Matches<PointsExpiring>(count: 1);
        await Matches<OrderPlaced>(count: 4);
        await Matches<LevelChanged>(count: 1);
        await Matches<OrderRefunded>(count: 1);
    }

    [Fact]
    public async Task Payloads_of_gifts_written_by_SQL_have_every_field_of_their_contract_and_no_other()
    {
        var (guest, reward) = (await app.GivenGuest(points: 10), await app.GivenReward(cost: 10));
        await KeepPayloads();

        await app.GivenGift(guest, validDays: 14);
        (await app.BuyReward(guest, reward)).Status.ShouldBe(HttpStatusCode.Created);

        await Matches<GiftIssued>(count: 2);
        await Matches<PointsChanged>(count: 1);
    }

    /// <summary>The relay deletes rows of the outbox once they are published.</summary>
    private Task<int> KeepPayloads() => app.Database.Execute("""
        drop table if exists loyalty.payloads;
        create table loyalty.payloads (type text, payload jsonb);
        create or replace function loyalty.keep_payload() returns trigger security definer set search_path = loyalty language plpgsql as $$
        begin
            insert into payloads (type, payload) values (new.type, new.payload);
            return new;
        end $$;
        create or replace trigger keep_payload after insert on loyalty.outbox for each row execute function loyalty.keep_payload();
        """, Ct);

    private async Task<OrderId> Place(UserId guest, StaffId staff, decimal amount, long spendPoints = 0)
    {
        var order = await app.PlaceOrder(staff, new { code = await app.GivenCode(guest), amount, spendPoints, shopId = "main-street" });
        order.Status.ShouldBe(HttpStatusCode.Created, order.Body);
        return new OrderId((long)order.Json("orderId")!);
    }

    private async Task Matches<TEvent>(int count) where TEvent : class
    {
        var payloads = await app.Database.Column<string>(
            "select payload::text from loyalty.payloads where type = $1", Ct, typeof(TEvent).FullName!);
        payloads.Count.ShouldBe(count);
        foreach (var payload in payloads)
        {
            JsonSerializer.Deserialize<TEvent>(payload, Strict).ShouldNotBeNull();
        }

        payloads.SelectMany(payload => JsonNode.Parse(payload)!.AsObject().Select(field => field.Key)).Distinct()
            .ShouldBe(typeof(TEvent).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)), ignoreOrder: true);
    }
}
