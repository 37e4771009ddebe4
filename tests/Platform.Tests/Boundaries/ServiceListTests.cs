using System.Text.Json;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Tests.Boundaries;

/// <summary>The list of services against everything that cannot be derived from it.</summary>
public sealed class ServiceListTests
{
    /// <summary>Projects under <c>src</c> that are not services.</summary>
    private static readonly string[] Others = ["Contracts", "Database", "Messaging", "Ops", "Sandbox"];

    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip };

    public static TheoryData<string> Names => [.. PlatformService.All.Select(service => service.Name)];

    [Fact]
    public void The_service_list_names_every_service_in_src() =>
        Sources.Projects.Except(Others).ShouldBe(PlatformService.All.Select(service => service.Project), ignoreOrder: true);

    [Fact]
    public void No_two_services_share_a_port() =>
        PlatformService.All.Select(service => service.PortOffset).ShouldBeUnique();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_service_has_a_README_tests_and_a_gateway_cluster(string name)
    {
        var service = PlatformService.All.Single(service => service.Name == name);
        File.Exists(Repository.PathOf("src", service.Project, "README.md")).ShouldBeTrue();
        Directory.Exists(Repository.PathOf("tests", $"{service.Project}.Tests")).ShouldBeTrue();
        Directory.Exists(Repository.PathOf("src", service.Project, "Storage")).ShouldBe(service.HasSchema);

        using var gateway = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("src", "Gateway", "appsettings.json")), WithComments);
        gateway.RootElement.GetProperty("ReverseProxy").GetProperty("Clusters").TryGetProperty(name, out _).ShouldBe(name != "gateway");
    }
}
