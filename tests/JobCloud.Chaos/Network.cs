using System.Diagnostics;
using System.Globalization;

namespace JobCloud.Chaos;

/// <summary>
/// A network of a run's own: a namespace for each node and a bridge, where the store listens. What
/// is lost on the way is lost in silence, as on a wire that is cut.
/// </summary>
public sealed class Network : IDisposable
{
    /// <summary>In the place of a node's index: the machine of the store.</summary>
    public const int Store = -1;

    // A neighbour that nobody is: the bridge passes its packets on and nobody takes them.
    private const string Nobody = "02:00:00:00:00:01";

    // Less than a busy node says to its cluster and to the store: what it says waits, up to the
    // limit.
    private const string Narrow = "rate 400kbit burst 16kb latency 2s";
    private readonly string _tag = $"jc{Environment.ProcessId}";
    private readonly string _prefix =
        $"10.{213 + Environment.ProcessId % 40}.{Environment.ProcessId / 40 % 256}";
    private readonly int _nodes;

    private Network(int nodes) => _nodes = nodes;

    /// <summary>Whether this machine lets us make namespaces and bridges.</summary>
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

    /// <summary>Words before a command line that have it run on this node's machine. Only the
    /// network is another: `ip netns exec` would hide the cgroups too.</summary>
    public IReadOnlyList<string> Entrance(int node) =>
        ["nsenter", $"--net=/run/netns/{Space(node)}"];

    /// <summary>Loses all that one place sends to the other.</summary>
    public void Lose(int from, int to) =>
        Ip(
            $"{In(from)} neigh replace {AddressOf(to)} lladdr {Nobody} dev {Device(from)} nud permanent"
        );

    public void Cut(int one, int other)
    {
        Lose(one, other);
        Lose(other, one);
    }

    public void Slow(int node) =>
        Tool("tc", $"{In(node)} qdisc replace dev {Device(node)} root tbf {Narrow}");

    /// <summary>Makes all as it was at first.</summary>
    public void Mend()
    {
        foreach (var from in Places)
        {
            foreach (var to in Places.Where(to => to != from))
                _ = Tried("ip", $"{In(from)} neigh del {AddressOf(to)} dev {Device(from)}");
            if (from != Store)
                _ = Tried("tc", $"{In(from)} qdisc del dev {Device(from)} root");
        }
    }

    public IEnumerable<int> OthersThan(int node) =>
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

    private static void Ip(string words) => Tool("ip", words);

    private static void Tool(string program, string words)
    {
        if (!Tried(program, words))
            throw new InvalidOperationException($"{program} {words} failed");
    }

    private static bool Tried(string program, string words)
    {
        try
        {
            var start = new ProcessStartInfo(program, words) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // No such program here.
        }
    }
}
