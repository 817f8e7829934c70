\\ Makes the JSON tables beside this file. Run here: gp -q -s 512M make.gp </dev/null (PARI/GP 2.15.2, two minutes; the random
\\ choices repeat with the same version). The tests compare the tables with published values.

strong(n, b) = { my(s = valuation(n - 1, 2), x = Mod(b, n)^((n - 1) >> s));
  if (x == 1 || x == -1, return(1));
  for (i = 1, s - 1, x = x^2; if (x == -1, return(1)));
  0 };

\\ U_k and V_k modulo n of x^2 - P x + Q.
lucas(n, P, Q, k) = { my(t = lift(Mod(Mod(1, n) * x, x^2 - P * x + Q)^k), u = polcoeff(t, 1) * Mod(1, n), w = polcoeff(t, 0) * Mod(1, n));
  [u, u * P + 2 * w] };

\\ Baillie and Wagstaff's method A: D = 5, -7, 9, -11, ...; P = 1, Q = (1 - D)/4.
strongLucas(n) = { my(D = 5, k, s = valuation(n + 1, 2), d = (n + 1) >> s, Q, UV, V, q);
  if (issquare(n), return(0));
  while ((k = kronecker(D, n)) != -1, if (k == 0 && D % n, return(0)); D = if (D > 0, -D - 2, -D + 2));
  Q = (1 - D) / 4; UV = lucas(n, 1, Q, d); V = UV[2]; q = Mod(Q, n)^d;
  if (UV[1] == 0, return(1));
  for (r = 0, s - 1, if (V == 0, return(1)); V = V^2 - 2 * q; q = q^2);
  0 };

\\ Q = 1, P = 3, 4, 5, ...
extraStrongLucas(n) = { my(P = 3, k, s = valuation(n + 1, 2), d = (n + 1) >> s, UV, V);
  if (issquare(n), return(0));
  while ((k = kronecker(P^2 - 4, n)) != -1, if (k == 0 && (P^2 - 4) % n, return(0)); P++);
  UV = lucas(n, P, 1, d); V = UV[2];
  if (UV[1] == 0 && (V == 2 || V == -2), return(1));
  for (r = 0, s - 2, if (V == 0, return(1)); V = V^2 - 2);
  0 };

carmichael(n) = { my(f = factor(n));
  if (#f~ < 3 || vecmax(f[, 2]) > 1, return(0));
  for (i = 1, #f~, if ((n - 1) % (f[i, 1] - 1), return(0)));
  1 };

composites(limit, test) = { my(v = List()); forstep(n = 9, limit, 2, if (!isprime(n) && test(n), listput(v, n))); Vec(v) };

list(v) = { my(t = List()); for (i = 1, #v, listput(t, Str("\"", v[i], "\""))); strjoin(Vec(t), ",\n    ") };
table(file, source, parts) = { my(t = List());
  for (i = 1, #parts, listput(t, Str("  \"", parts[i][1], "\": [\n    ", list(parts[i][2]), "\n  ]")));
  system(Str("rm -f ", file));
  write(file, "{\n  \"source\": \"", source, "\",\n", strjoin(Vec(t), ",\n"), "\n}") };

{ my(w = List(), m);
  setrand(1988);
  foreach([12, 18, 24, 36, 48, 60, 72, 84, 96, 108, 120], b, m = random(2^b);
    while (!(isprime(6*m+1) && isprime(12*m+1) && isprime(18*m+1)), m = random(2^b));
    listput(w, (6*m+1) * (12*m+1) * (18*m+1)));
  table("carmichael.json", "make.gp: carmichael() over all odd numbers below 10^7 (OEIS A002997), and Chernick's (6m+1)(12m+1)(18m+1) with three primes, random m",
    [["below10To7", composites(10^7, n -> Mod(2, n)^(n-1) == 1 && carmichael(n))], ["chernick", Vec(w)]]) }

{ my(w = List(), k, p, q, n);
  setrand(19);
  for (bits = 28, 64, for (m = 2, 6, my(found = 0);
    for (try = 1, 200000, if (found == 2, break);
      k = random(sqrtint(2^bits \ m)); p = k + 1; q = m * k + 1; n = p * q;
      if (n >= 2^(bits-1) && n < 2^bits && isprime(p) && isprime(q) && strong(n, 2), listput(w, n); found++))));
  table("strong-pseudoprimes-base-2.json", "make.gp: strong(n, 2) over all odd composites below 10^7 (OEIS A001262: 162 of them), and random (k+1)(mk+1), 2 <= m <= 6, of 28 to 64 bits that satisfy it",
    [["below10To7", composites(10^7, n -> Mod(2, n)^(n-1) == 1 && strong(n, 2))], ["samplesBelow2To64", Set(Vec(w))]]) }

{ table("lucas-pseudoprimes.json", "make.gp: strongLucas() below 2*10^6 (OEIS A217255) and extraStrongLucas() below 10^6 (OEIS A217719), over all odd composites",
  [["strong", composites(2*10^6, strongLucas)], ["extraStrong", composites(10^6, extraStrongLucas)]]) }

{ my(s = List(), c = List(), p);
  setrand(79);
  foreach([10, 11, 15, 20, 50, 100, 150, 300, 500, 1000], d,
    p = nextprime(10^(d-1) + random(9 * 10^(d-1)));
    listput(s, p^2); listput(c, p * nextprime(p + 1)));
  foreach([7, 40, 200], d, p = nextprime(10^(d-1) + random(9 * 10^(d-1))); listput(s, p^4));
  table("few-factors.json", "make.gp: squares and fourth powers of random primes of 7 to 1000 digits, and products of such a prime and the next one",
    [["squares", Vec(s)], ["closePrimes", Vec(c)]]) }
