namespace JobCloud.Testing;

/// <summary>Damages messages: changes, removes, repeats and inserts bytes. The same seed gives the
/// same bytes.</summary>
public sealed class FrameMutator(int seed)
{
    private readonly Random _random = new(seed);

    public T Pick<T>(IReadOnlyList<T> some) => some[_random.Next(some.Count)];

    public byte[] Mutate(byte[] valid)
    {
        var bytes = valid.ToList();
        for (var changes = _random.Next(1, 5); changes > 0; changes--)
        {
            var at = _random.Next(bytes.Count + 1);
            switch (_random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 2 when at < bytes.Count:
                    bytes.RemoveRange(at, _random.Next(1, bytes.Count - at + 1));
                    break;
                case 3 when at < bytes.Count:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(20, bytes.Count - at)));
                    break;
                case 4:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)0xff, _random.Next(1, 12)));
                    break;
                default:
                    var noise = new byte[_random.Next(1, 40)];
                    _random.NextBytes(noise);
                    bytes.InsertRange(at, noise);
                    break;
            }
        }
        return [.. bytes];
    }
}
