using System.Diagnostics;
using System.Globalization;

namespace JobCloud.Chaos;

/// <summary>A private network for one run: a namespace for each node, and a bridge where the store
/// listens. Lost packets cause no error, as on a cut cable.</summary>
public sealed class Network : IDisposable
{
    /// <summary>The index of the store's machine.</summary>
    public const int Store = -1;

    // An address that no machine has: the bridge forwards its packets and no machine receives them.
    private const string UnusedAddress = "02:00:00:00:00:01";

    // Less than the traffic of a busy node: packets queue, up to the limit.
    private const string Narrow = "rate 400kbit burst 16kb latency 2s";
    private static int _made;

    // A namespace that is deleted keeps its link for as long as anything refers to it.
    private readonly string _tag =
        $"jc{Environment.ProcessId}{(char)('a' + (Interlocked.Increment(ref _made) % 20))}";
    private readonly string _prefix =
        $"10.{213 + Environment.ProcessId % 40}.{Environment.ProcessId / 40 % 256}";
    private readonly int _nodes;

    private Network(int nodes) => _nodes = nodes;

    /// <summary>Whether this machine allows creating namespaces and bridges.</summary>
    public static bool IsHere { get; } = CanMake();

    public static Network Make(int nodes)
    {
        var network = new Network(nodes);
        Ip($"link add {network.Bridge} type bridge");
        Ip($"addr add {network.AddressOf(Store)}/24 dev {network.Bridge}");
        Ip($"link set {network.Bridge} up");
        for (var node = 0; node < nodes; node++)
            network.Add(node);
        return network;
    }

    public string AddressOf(int place) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_prefix}.{(place == Store ? 254 : place + 1)}"
        );

    /// <summary>The command prefix that runs a command line in this node's network. Only the
    /// network differs: `ip netns exec` would also hide the cgroups.</summary>
    public IReadOnlyList<string> CommandPrefix(int node) =>
        ["nsenter", $"--net=/run/netns/{Space(node)}"];

    /// <summary>Drops all packets from one place to another.</summary>
    public void Lose(int from, int to) =>
        Ip(
            $"{In(from)} neigh replace {AddressOf(to)} lladdr {UnusedAddress} dev {Device(from)} nud permanent"
        );

    public void Cut(int one, int other)
    {
        Lose(one, other);
        Lose(other, one);
    }

    public void Slow(int node) =>
        Tool("tc", $"{In(node)} qdisc replace dev {Device(node)} root tbf {Narrow}");

    /// <summary>Restores all links.</summary>
    public void Repair()
    {
        foreach (var from in Places)
        {
            foreach (var to in Places.Where(to => to != from))
                _ = Tried("ip", $"{In(from)} neigh del {AddressOf(to)} dev {Device(from)}");
            if (from != Store)
                _ = Tried("tc", $"{In(from)} qdisc del dev {Device(from)} root");
        }
    }

    public IEnumerable<int> Others(int node) =>
        Enumerable.Range(0, _nodes).Where(other => other != node);

    public void Dispose()
    {
        for (var node = 0; node < _nodes; node++)
            _ = Tried("ip", $"netns del {Space(node)}");
        _ = Tried("ip", $"link del {Bridge}");
    }

    private IEnumerable<int> Places => Enumerable.Range(Store, _nodes + 1);
    private string Bridge => $"{_tag}b";

    private string Space(int node) => $"{_tag}n{node + 1}";

    private string Device(int place) => place == Store ? Bridge : "eth0";

    private string In(int place) => place == Store ? "" : $"-n {Space(place)}";

    private void Add(int node)
    {
        var end = $"{_tag}v{node + 1}";
        Ip($"netns add {Space(node)}");
        Ip($"link add {end} type veth peer name eth0 netns {Space(node)}");
        Ip($"link set {end} master {Bridge} up");
        Ip($"{In(node)} addr add {AddressOf(node)}/24 dev eth0");
        Ip($"{In(node)} link set eth0 up");
        Ip($"{In(node)} link set lo up");
    }

    private static bool CanMake()
    {
        var name = $"jc{Environment.ProcessId}t";
        try
        {
            return Environment.UserName == "root"
                && Tried("ip", $"netns add {name}")
                && Tried("ip", $"-n {name} link add name probe type bridge")
                && Tried("nsenter", $"--net=/run/netns/{name} true");
        }
        finally
        {
            _ = Tried("ip", $"netns del {name}");
        }
    }

    private static void Ip(string arguments) => Tool("ip", arguments);

    private static void Tool(string program, string arguments)
    {
        if (!Tried(program, arguments))
            throw new InvalidOperationException($"{program} {arguments} failed");
    }

    private static bool Tried(string program, string arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // The program is not installed.
        }
    }
}
