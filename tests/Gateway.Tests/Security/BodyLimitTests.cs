using System.Net;

namespace Platform.Gateway.Tests.Security;

public sealed class BodyLimitTests(KeysInDatabase keys) : IClassFixture<KeysInDatabase>
{
    private const int Limit = 1 << 20;

    [Fact]
    public async Task A_body_of_one_mebibyte_passes()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        gateway.Loyalty.Answer = async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await context.Response.WriteAsync($"{body.Length}");
        };
        using var whole = new ByteArrayContent(new byte[Limit]);

        (await gateway.Send(HttpMethod.Post, "/orders", gateway.StaffToken(1), whole)).Text.ShouldBe($"{Limit}");
    }

    [Fact]
    public async Task A_body_of_one_mebibyte_and_one_byte_is_refused_by_the_gateway()
    {
        await using var gateway = await GatewayUnderTest.Start(keys);
        using var tooLarge = new ByteArrayContent(new byte[Limit + 1]);

        (await gateway.Send(HttpMethod.Post, "/orders", gateway.StaffToken(1), tooLarge))
            .ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
        gateway.Loyalty.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_of_unannounced_length_is_cut_off_at_the_limit()
    {
        await using var gateway = await GatewayUnderTest.Start(keys, settings: ("Gateway:MaxBodyBytes", "4096"));
        using var stream = new MemoryStream(new byte[5000]);
        using var unannounced = new StreamContent(stream);
        using var chunked = new Chunked(unannounced);

        (await gateway.Send(HttpMethod.Post, "/orders", gateway.StaffToken(1), chunked))
            .ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    /// <summary>Content without a computable length, which HTTP sends in chunks.</summary>
    private sealed class Chunked(HttpContent inner) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => inner.CopyToAsync(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
