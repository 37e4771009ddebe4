using System.Runtime.CompilerServices;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Platform.Testing.Routes;

/// <summary>A theory about some of a service's routes. It is skipped silently if there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(Discoverer))]
public sealed class RouteTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : TheoryAttribute(file, line)
{
    internal sealed class Discoverer : TheoryDiscoverer
    {
        public override async ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
            ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute)
        {
            await using var disposal = new DisposalTracker();
            foreach (var source in testMethod.DataAttributes)
            {
                if ((await source.GetData(testMethod.Method, disposal)).Count > 0)
                {
                    return await base.Discover(discoveryOptions, testMethod, factAttribute);
                }
            }

            return [];
        }
    }
}
