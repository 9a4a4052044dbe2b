"""Premises as strangers type them, and what of each must be in the book: labelled by hand."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """``who``: words for everybody asked for, hero first. ``want`` words are in the outline's want, ``things`` and
    ``places`` in outline and text; of ``nots`` it is told that somebody is not so, or that there is none."""

    premise: str
    who: tuple[str, ...] = ()
    want: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    nots: tuple[str, ...] = ()


def asked(premise: str, who: str = "", want: str = "", things: str = "", places: str = "", nots: str = "") -> Asked:
    """Words are divided by spaces; those of one person by ``+``."""
    return Asked(
        premise,
        tuple(word.replace("+", " ") for word in who.split()),
        tuple(want.split()),
        tuple(things.split()),
        tuple(places.split()),
        tuple(nots.split()),
    )


ASKED = [
    asked(
        "Two brothers who are not pirates sail a bathtub to find their grandmother's lost teapot",
        "boy boy",
        "find grandmother’s lost teapot",
        "bathtub teapot",
        nots="pirate",
    ),
    asked("Three mice build a submarine out of a teapot", "mouse mouse mouse", "build submarine teapot", "submarine"),
    asked("the twins Ada and Ben want to win the soapbox race", "Ada Ben", "win soapbox race", "race"),
    asked("A mouse who isn't afraid of cats opens a cheese shop", "mouse", "open cheese shop", "shop", "", "afraid"),
    asked("dragon bakery", "dragon", "", "bakery"),
    asked("my daughter Lena loves trains", "Lena", "train", "train"),
    asked("my son otto is 5 and he loves dinosaurs", "Otto", "dinosaurs", "dinosaurs"),
    asked("Write about a narwhal who wants to play the trumpet", "narwhal", "play trumpet", "trumpet"),
    asked("a story where a snail wins a race against a cheetah", "snail", "win race", "race"),
    asked("Can you write a story about an axolotl who lost its smile?", "axolotl", "find smile", "smile"),
    asked("about a bicycle that wants to fly", "bicycle", "fly", "bicycle"),
    asked("THE OLD TRACTOR WHO WANTED TO SEE THE SEA", "tractor", "see sea", "tractor", "sea"),
    asked("a girl called Şükran rides her bicycle to the end of the rainbow", "Şükran", "rainbow", "bicycle rainbow"),
    asked(
        "José and his grandfather look for a buried bell in the desert", "José Grandfather", "bell", "bell", "desert"
    ),
    asked("a boy who doesnt like bedtime", "boy", "", "bedtime", "", "like"),
    asked(
        "A penguin who is not cold goes to the desert to find ice cream",
        "penguin",
        "find ice cream",
        "ice",
        "desert",
        "cold",
    ),
    asked("Mum and I fly a balloon to grandma's house", "Mum", "fly balloon grandma’s", "balloon"),
    asked(
        "Two sisters and a goat cross the mountains to save their village",
        "girl girl goat",
        "save village",
        "village",
        "mountains",
    ),
    asked("kindness", "", "kind", "kindness"),
    asked("being brave at the dentist", "", "brave dentist", "dentist"),
    asked("What if the moon fell into our pond?", "", "moon", "moon", "pond"),
    asked("the haunted lighthouse", "", "", "", "lighthouse"),
    asked("A baker who has no oven wants to bake bread for the king", "baker", "bake bread king", "bread", "", "oven"),
    asked("Please tell me a story about four frogs that start a band", "frog frog frog frog", "start band", "band"),
    asked("Zoë's hamster escapes to the attic", "hamster", "escape attic", "", "attic"),
    asked("little ghost afraid of the dark", "ghost", "brave dark", "dark"),
    asked("hedgehog wants baloon", "hedgehog", "balloon", "balloon"),
    asked("a prinsess who dosent want to get married", "princess", "married", "married"),
    asked(
        "Nana's wheelchair can fly. We go to the moon to bring back a star for my sister Ruby.",
        "Nana",
        "bring star",
        "star",
        "moon",
    ),
    asked(
        "A submarine captain named Ngozi searches for the quietest place in the ocean",
        "Ngozi",
        "quietest place",
        "place",
        "ocean",
    ),
    asked(
        "An astronaut and her cat, who isn't allowed on the ship, fly to Saturn",
        "astronaut cat",
        "fly saturn",
        "saturn",
    ),
    asked("Three little pigs who are not builders open a hotel", "pig pig pig", "open hotel", "hotel", "", "builder"),
    asked("A teapot called Margaret dreams of becoming a rocket", "Margaret", "become rocket", "rocket"),
    asked("two friends fighting over a red kite", "", "make up kite", "kite"),
    asked("In the desert, a camel and a cactus become friends", "camel cactus", "friends", "", "desert"),
    asked("my grandpa was a fisherman. he never caught a fish. one day he does", "Grandpa", "catch fish", "fish"),
    asked("A school for monsters where nobody is scary", "monster", "", "", "school", "scary"),
    asked("Björn the bear has lost his roar", "Björn", "find roar", "roar"),
    asked("girl + dog + treasure map", "girl dog", "treasure", "map"),
    asked(
        "An elephant who can't remember tries to find the way home", "elephant", "find way home", "home", "", "remember"
    ),
    asked("A vampire who is not scary delivers milk", "vampire", "deliver milk", "milk", "", "scary"),
    asked("the knight's horse wants a holiday at the beach", "horse", "have holiday", "holiday", "beach"),
    asked(
        "A squirrel, a deer and an owl save the forest from a fire",
        "squirrel deer owl",
        "save forest",
        "forest",
        "forest",
    ),
    asked("Tom and Ella aren't allowed to open the blue door", "Tom Ella", "open blue door", "door"),
    asked("A very small giant looks for shoes that fit", "giant", "find shoes", "shoes"),
    asked("A library at the bottom of the sea", "", "", "", "library sea"),
    asked(
        "Amélie draws a door with chalk and walks through it to rescue her teddy",
        "Amélie",
        "rescue teddy",
        "door teddy",
    ),
    asked("a robot and a snail who are best friends go camping", "robot snail", "camping", "camping"),
    asked("Six penguins steal an ice cream van to get to the North Pole", "penguin penguin", "get north pole", "van"),
    asked("A unicorn without a horn goes to school", "unicorn", "go school", "", "school", "horn"),
    asked("once there was a goose who didn't want to fly south", "goose", "fly south", "south"),
    asked(
        "A tortoise who has never been late is late for her own wedding", "tortoise", "wedding", "wedding", "", "late"
    ),
    asked("My brother Sam won't share his toys", "Sam", "share", "toys"),
    asked("An old sock looks for its other half", "sock", "find other half", "half"),
    asked(
        "Xiulan and her little brother Wei take the night train to the harbour to meet their father",
        "Xiulan Wei",
        "meet father",
        "train",
        "harbour",
    ),
    asked("cat pirate treasure island", "cat", "", "treasure", "island"),
    asked(
        "A gardener who talks to her flowers wants to grow a tree that reaches the moon",
        "gardener",
        "grow tree",
        "tree",
    ),
    asked("The monkey who wouldn't stop giggling", "monkey", "stop giggling", "giggling"),
    asked(
        "Our dog Bruno isn't a good dog, but he saves the market from a flood",
        "Bruno",
        "save market",
        "market",
        "",
        "dog",
    ),
    asked(
        "Three sisters who cannot swim row a teacup across the ocean to find their missing father",
        "girl girl girl",
        "row teacup find missing father",
        "teacup",
        "",
        "swim",
    ),
    asked("my cat thinks she is a queen", "cat", "be queen", "queen"),
    asked("the day the colours disappeared", "", "why colours disappeared", "colours"),
    asked(
        "Write a story for my daughter Amina, who wears a hijab and wants to be an astronaut",
        "Amina",
        "be astronaut",
        "hijab astronaut",
    ),
    asked("what does the wind do at night?", "", "wind night", "wind"),
    asked("a family of hedgehogs moves to the city", "hedgehog hedgehog", "move city", "", "city"),
    asked(
        "Five ducklings who never listen get lost in the market",
        "duckling duckling",
        "find way market",
        "",
        "market",
        "never",
    ),
    asked("Leo and Mia's treehouse is haunted", "Leo Mia", "why treehouse haunted", "treehouse"),
    asked("a spoon and a fork go on holiday", "spoon fork", "go holiday", "holiday"),
    asked("A detective duck investigates who stole the cakes", "duck", "who stole cakes", "cakes"),
    asked("A dragon who is allergic to fire", "dragon", "fire", "allergic fire"),
    asked("Rosa's shadow runs away", "Rosa", "shadow runs away", "shadow"),
    asked(
        "Mr Okafor's umbrella blows away and he chases it to the harbour",
        "Okafor",
        "chase umbrella",
        "umbrella",
        "harbour",
    ),
    asked("Sven doesn't want a haircut", "Sven", "haircut", "haircut"),
    asked("a story for Noah about diggers", "Noah", "diggers", "diggers"),
    asked(
        "Three knights who aren't brave go into a cave to look for a golden bell",
        "knight knight knight",
        "golden bell",
        "bell",
        "",
        "brave",
    ),
    asked(
        "a lighthouse keeper's daughter who talks to whales rescues a lost ship",
        "daughter",
        "rescue ship",
        "whales ship",
    ),
    asked("The moon has hiccups", "", "moon hiccups", "hiccups"),
    asked(
        "A birthday book for Freddie who is turning six and wants to be a train driver", "Freddie", "be train driver"
    ),
    asked("My daughter Lily, 5, who loves trains, and her little brother Max, 2", "Lily Max", "trains", "trains"),
    asked("a shy octopus who plays eight drums but is too scared to play in front of anyone", "octopus", "dare play"),
    asked("two robots fall out over a battery", "robot robot", "make up battery", "battery"),
    asked("A detective story: who has been eating the school's chalk?", "", "who eating chalk", "chalk"),
    asked("Theo is afraid of the dark so his grandmother knits him a star", "Theo Grandmother", "brave dark", "dark"),
    asked("a snail who is fed up of being slow", "snail", "stop slow"),
    asked(
        "My class are learning about the rainforest. Please write about a sloth who is late for everything.",
        "sloth",
        "late",
    ),
    asked("Eleanor's first night at her dad's new house", "Eleanor", "first night dad’s house"),
    asked("a witch whose broom wont fly because its tired", "witch", "broom fly", "broom"),
    asked("When the library closes, the books have a party, but one book is never invited", "book", "invited"),
    asked("pirate grandma steals the moon and has to give it back", "grandma", "give moon back", "moon"),
    asked("A lonely lighthouse and a ship that is lost in the fog", "lighthouse ship", "ship home", "ship"),
    asked("For Amelie and Jude, who have a new baby sister called Wren", "Amelie Jude", "friends sister"),
    asked(
        "a story about how my cat Pickle got stuck up a tree and wouldnt come down even for tuna", "Pickle", "down tree"
    ),
    asked(
        "Nobody believes Ottilie when she says there's a whale in the swimming pool",
        "Ottilie",
        "prove whale pool",
        "whale",
    ),
    asked("a knight's squire who is better at baking than at fighting", "squire", "baking", "baking"),
    asked(
        "Two sisters, Asha and Kiran, and the day the lift took them to the wrong floor", "Asha Kiran", "why lift floor"
    ),
    asked(
        "An old bear who has forgotten how to hibernate asks the other animals for help", "bear", "remember hibernate"
    ),
    asked("A ghost who is frightened of people moves into a house full of children", "ghost", "brave people"),
    asked("Our teacher Mrs Bell is leaving and we want to say thank you", "child Mrs+Bell", "say thank"),
    asked("what happens to socks in the washing machine", "", "what happens socks machine", "socks"),
    asked("Rafi has moved to a new country and doesn't know the language", "Rafi", "learn language"),
    asked("the dragon that sneezed and set fire to the king's beard", "dragon", "make up fire king’s beard", "beard"),
    asked(
        "my grandson Arlo (7) is obsessed with volcanoes and has a stuffed lobster called Gerald",
        "Arlo Gerald",
        "volcanoes",
    ),
    asked("A girl whose shadow wants to be a ballerina", "shadow girl", "be ballerina"),
    asked("the moon is tired and wants someone else to do the night shift", "moon", "get someone night shift"),
    asked(
        "Priya and her grandfather fix old radios and one night they hear a voice",
        "Priya Grandfather",
        "fix radios",
        "radios",
    ),
    asked("a robot that was built to fight but would rather knit", "robot", "knit"),
    asked("Otto the octopus has eight socks and can only find seven", "Otto", "find missing"),
    asked("A princess, a pirate and a plumber are stuck in a lift", "princess pirate", "out lift"),
    asked("Hana can talk to trees. The old oak in the park is going to be cut down.", "Hana", "save old oak", "oak"),
    asked("a vampire who faints at the sight of tomato soup", "vampire", "stop fainting soup", "soup"),
    asked(
        "Five little ducks build a rocket because they want to see the moon",
        "duck duck",
        "rocket see moon",
        "rocket",
        "moon",
    ),
    asked("A lonely scarecrow makes friends with the crows he is meant to scare", "scarecrow", "friends crows"),
    asked("A story for Ella's 6th birthday about a unicorn that bakes cakes", "unicorn Ella", "bake cakes", "cakes"),
    asked("Why don't penguins fly?", "", "why penguins fly"),
    asked("A boy finds a dinosaur egg and hides it from his mum", "boy Mum", "find dinosaur egg hide mum", "egg"),
    asked(
        "A train called Bertha who is too old is going to be scrapped, but the children want to save her",
        "child Bertha",
        "save Bertha",
    ),
    asked("How did the zebra get its stripes?", "zebra", "how zebra got stripes", "stripes"),
    asked("a seagull steals chips from everyone and then feels guilty", "seagull", "steal chips", "chips"),
    asked("A firefly whose light has gone out", "firefly", "light back", "light"),
    asked("my nephew Teo loves bin lorries and wants to drive one for a day", "Teo", "drive bin lorry day", "lorry"),
    asked(
        "grandad's old boat has a leak and Ivy and Sam want to sail it one last time",
        "Ivy Sam",
        "sail grandad’s old boat",
        "boat",
    ),
    asked("a shy girl called Mina who only talks to her hamster", "Mina hamster", "talk somebody new"),
    asked(
        "Aliens have stolen all the colour blue. Captain Juno must get it back before bedtime.",
        "Juno alien",
        "blue back",
    ),
    asked("a duck that thinks it is a dog", "duck", "be dog"),
    asked("for my twin boys Leo and Luca who are scared of thunder", "Leo Luca", "brave thunder", "thunder"),
    asked(
        "a tiny dragon who lives in a toaster and keeps burning the toast",
        "dragon",
        "stop burning toast",
        "toast",
        "toaster",
    ),
    asked("Emma wants to be friends with the new boy but he doesn't speak English", "Emma boy", "friends boy"),
    asked("Daisy's wheelchair turns into a dragon at midnight", "Daisy", "why wheelchair dragon", "wheelchair"),
    asked("two old ladies rob a bank to save the library", "lady lady", "rob bank save library"),
    asked("Ben is adopted and wants to know where he comes from", "Ben", "know where from"),
    asked("Pip the puppy gets separated from his family at the train station", "Pip", "find his family"),
    asked(
        "A story about me (Freya) and my best friend Anouk finding a secret tunnel under the school",
        "Freya Anouk",
        "find tunnel",
        "tunnel",
    ),
    asked("A cloud, a kite and a crow argue about who flies highest", "cloud kite crow", "find out who flies highest"),
    asked("A jar nobody will open", "jar", "be opened"),
    asked("a dancer with two left feet", "dancer", "dance", "feet"),
    asked("My students love volcanoes and want a story about a volcano that sneezes", "volcano", "sneeze"),
    asked("twin boys who are scared of thunder", "boy boy", "brave thunder", "thunder twin"),
    asked(
        "A girl who wants to stay awake because the moon promised her a secret",
        "girl",
        "stay awake",
        "moon promised secret",
    ),
    asked(
        "Two snails who share one shell have to decide where to go on holiday", "snail snail", "decide where holiday"
    ),
    asked("A bus that refuses to turn left", "bus", "turn left"),
    asked("A hedgehog with one spine wants to be hugged", "hedgehog", "be hugged", "spine"),
    asked(
        "Every Tuesday the town of Little Wobbling turns upside down, and Priya is the only one who notices",
        "Priya",
        "find out why upside down",
        "",
        "Wobbling",
    ),
    asked(
        "An old submarine, a young lighthouse and a very rude seagull plan a birthday party for the sea",
        "submarine lighthouse seagull",
        "plan birthday party",
    ),
    asked("My grandson Theo is deaf and wants to hear what whales feel like", "Theo", "hear what whales feel like"),
    asked("Our class loves beetles and wants a story about a beetle who is allergic to leaves", "beetle", "leaves"),
    asked("A king nobody listens to wants to become a gardener", "king", "become gardener"),
]
